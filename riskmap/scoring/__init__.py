"""Scoring: records and layers to scores, each on its own side of the purpose wall."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
