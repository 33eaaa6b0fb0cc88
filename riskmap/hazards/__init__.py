"""Hazards: what the ground, the air and the water do to people, by physics.

Names are imported from the modules, so that reading settings loads no geometry.
"""
