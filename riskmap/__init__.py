"""riskmap: shared risk maps for the border between the United States and Mexico."""

__version__ = "0.1.0"

__all__ = ["__version__"]
