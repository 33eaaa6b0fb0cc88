"""Features: cells, tables and rasters become one named column per layer."""
