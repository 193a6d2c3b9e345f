"""Telling: figures, statements, pages."""
