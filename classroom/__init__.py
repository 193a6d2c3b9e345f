"""A class governs a world together: lessons, sessions, points and debrief; knows no browser."""
