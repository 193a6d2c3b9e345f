"""Design: what is varied, at which points, how often."""
