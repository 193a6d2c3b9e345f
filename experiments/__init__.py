"""Experiments: many runs, their statistics, comparisons, figures and files."""
