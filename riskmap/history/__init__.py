"""History: what was recorded where and when, laid out to be smoothed and counted."""
