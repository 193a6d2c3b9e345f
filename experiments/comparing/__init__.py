"""Comparing: paired differences, their intervals, and what they come from."""
