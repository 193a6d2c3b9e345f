"""The model: border grid, agents, mechanisms, scenarios, and one run."""
