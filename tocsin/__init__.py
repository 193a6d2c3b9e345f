"""Tocsin: a laboratory for transnational organised crime and the agencies that work against it.

``tocsin.load``, ``tocsin.names``, ``tocsin.run`` and ``tocsin.compare`` are what most users need;
they are imported when first used, so that ``import tocsin`` is quick.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.comparison import Comparison, compare
    from simulation.errors import InputError
    from simulation.model import BorderModel
    from simulation.run import Run, run
    from simulation.scenario import Scenario, load, names

__all__ = [
    "BorderModel", "Comparison", "InputError", "Run", "Scenario", "compare", "load", "names", "run",
]  # fmt: skip

__version__ = version("tocsin")

_HOMES = {
    "BorderModel": "simulation.model",
    "Comparison": "experiments.comparison",
    "InputError": "simulation.errors",
    "Run": "simulation.run",
    "Scenario": "simulation.scenario",
    "compare": "experiments.comparison",
    "load": "simulation.scenario",
    "names": "simulation.scenario",
    "run": "simulation.run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
