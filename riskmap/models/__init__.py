"""Models: the register of what scores are made with, their cards, and their drift."""
