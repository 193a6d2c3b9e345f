"""Prices, persons on their way, costs, and treatments."""
