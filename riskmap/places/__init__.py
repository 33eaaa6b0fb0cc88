"""Places: say where it is so that a responder on either side gets there."""
