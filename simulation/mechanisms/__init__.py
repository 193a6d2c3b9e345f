"""Mechanisms: one concept a module, with its rows, state and rules; none knows the world."""
