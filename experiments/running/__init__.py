"""Running: many runs on many processes, kept so that nothing is lost."""
