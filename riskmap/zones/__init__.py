"""Zones: touching cells of high score as ranked areas, each sized to a shift."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
