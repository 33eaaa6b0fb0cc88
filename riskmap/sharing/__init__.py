"""Sharing: markings, who may see what, and what counts may leave."""
