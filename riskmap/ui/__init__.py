"""The pages: each reads its state, calls the pipeline and the map, and draws."""
