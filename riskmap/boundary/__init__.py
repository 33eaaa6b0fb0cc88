"""Boundary: the line, the corridor on both its sides, and the corridor's cells."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
