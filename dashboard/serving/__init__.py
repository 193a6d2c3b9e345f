"""The server: what is let in, how many, how fast, and what every answer carries."""
