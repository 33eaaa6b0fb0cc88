"""Evaluation: how well a map foretold what came later, beside simple maps."""
