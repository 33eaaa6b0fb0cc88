"""Scoring: records and layers to scores, each on its own side of the purpose wall."""
