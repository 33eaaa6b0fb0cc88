"""Simulation: borders of which the truth is known, to test scores and patrols on."""
