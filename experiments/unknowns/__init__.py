"""Unknowns: assumptions, plausible worlds, and what they change."""
