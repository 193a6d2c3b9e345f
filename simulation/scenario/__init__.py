"""Scenarios: files, keys, schedule, checks, and the shipped ones."""
