"""Classes of the floors below that a face holds in its hands."""

from riskmap.places.register import NewLandmark
from riskmap.project import Finding, Project

__all__ = ["Finding", "NewLandmark", "Project"]
