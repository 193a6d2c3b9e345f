"""Tocsin: a laboratory for transnational organised crime and the agencies that work against it.

``tocsin.load``, ``tocsin.names``, ``tocsin.run`` and ``tocsin.compare`` are what most users need;
they are imported when first used, so that ``import tocsin`` is quick.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.experiments.comparing.comparison import Comparison, compare
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.model import BorderModel
    from tocsin.simulation.run import Run, run
    from tocsin.simulation.scenario.files import Scenario, load, names

__all__ = [
    "BorderModel", "Comparison", "InputError", "Run", "Scenario", "compare", "load", "names", "run",
]  # fmt: skip

__version__ = version("tocsin")

_HOMES = {
    "BorderModel": "tocsin.simulation.model",
    "Comparison": "tocsin.experiments.comparing.comparison",
    "InputError": "tocsin.simulation.errors",
    "Run": "tocsin.simulation.run",
    "Scenario": "tocsin.simulation.scenario.files",
    "compare": "tocsin.experiments.comparing.comparison",
    "load": "tocsin.simulation.scenario.files",
    "names": "tocsin.simulation.scenario.files",
    "run": "tocsin.simulation.run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
