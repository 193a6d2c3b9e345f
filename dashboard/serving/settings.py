"""What the command line gave to the server: the scenario to begin with, the folder of results."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Settings:
    """Given once, before the server starts; the same for every browser.

    Attributes
    ----------
    scenario
        Name of a shipped scenario, or the path of a file named on the command line.
    results
        Folder that the results page shows; nothing outside of it is ever read.
    """

    scenario: str = "baseline"
    results: Path | None = None


_now = Settings()


def present() -> Settings:
    """Settings in force."""
    return _now


def choose(**changes: Any) -> Settings:
    """Replace settings, before the server starts."""
    global _now
    _now = replace(_now, **changes)
    return _now
