"""What agencies have, know and do."""
