"""Geography: the grid, its files, border sectors, and the ways between places."""
