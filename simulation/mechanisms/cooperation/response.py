"""Rapid response units (M16): a few, sent to fresh news, there after a lead time, for some weeks.

A unit brings officers to a sector of a member and watches for the network that the news names.
What is older than the rules call fresh moves nobody: rapid response lives on rapid exchange.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Deployment:
    """One unit under orders: where, for which network, on which news, from when to when."""

    sector: int
    network: int
    news: str
    arrives: int
    leaves: int


class ResponseUnits:
    """Units under orders; the others are free."""

    def __init__(self) -> None:
        self.deployed: list[Deployment] = []

    def come_home(self, week: int) -> None:
        """Units whose stay is over are free."""
        self.deployed = [unit for unit in self.deployed if unit.leaves > week]

    def on_the_spot(self, week: int) -> list[Deployment]:
        """Units at work in this week."""
        return [unit for unit in self.deployed if unit.arrives <= week < unit.leaves]

    def forget(self, network: int) -> None:
        """A network has ended; units that were sent for it are free."""
        self.deployed = [unit for unit in self.deployed if unit.network != network]
