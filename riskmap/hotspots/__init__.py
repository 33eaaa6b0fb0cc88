"""Hot spots: which clusters are real, which change, what repeats, what is missed."""
