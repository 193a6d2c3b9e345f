"""What networks have, know and do."""
