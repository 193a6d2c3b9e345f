"""An allowance that comes back at an even rate (a token bucket)."""

from dataclasses import dataclass


@dataclass
class Bucket:
    """Tries that are left; they come back at an even rate."""

    size: float
    per_second: float
    left: float
    at: float

    def refill(self, now: float) -> None:
        """Let time pass."""
        self.left = min(self.size, self.left + max(0.0, now - self.at) * self.per_second)
        self.at = now
