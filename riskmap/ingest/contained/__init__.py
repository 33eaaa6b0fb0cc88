"""Contained: what runs in a process of its own, shut in, because it runs GDAL."""
