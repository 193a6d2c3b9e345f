"""Recording: indicators, events, what was measured, and how it is told."""
