"""A class governs a world together: lessons, sessions, their safety, their pages."""
