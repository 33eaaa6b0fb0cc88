"""What a face takes in its hands from the floors below."""

from riskmap.places.register import NewLandmark
from riskmap.project import Finding, Project, head_of

__all__ = ["Finding", "NewLandmark", "Project", "head_of"]
