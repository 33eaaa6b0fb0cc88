"""The pipeline: what a face, a notebook or a script asks of a project."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
