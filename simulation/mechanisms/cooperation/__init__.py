"""What agencies do together, and what the coordinator pays for."""
