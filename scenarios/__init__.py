"""Scenarios and maps that come with the package, one folder a family."""
