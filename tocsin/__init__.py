"""Tocsin: a laboratory for transnational organised crime and the agencies that work against it.

``tocsin.load``, ``tocsin.names``, ``tocsin.run`` and ``tocsin.compare`` are what most users need;
``tocsin.Mechanism`` is the door for those who add to the model. Names are imported when first used,
so that ``import tocsin`` is quick.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.experiments.comparing.comparison import Comparison, compare
    from tocsin.simulation.agents import IGOCoordinator, NationalAgencies, TraffickingNetworks
    from tocsin.simulation.cast import Cast
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.mechanism import Mechanism
    from tocsin.simulation.model import BorderModel
    from tocsin.simulation.notes import Notes
    from tocsin.simulation.parameters.declaring import Group, assumption, lever, structure
    from tocsin.simulation.recording.indicators import Indicator
    from tocsin.simulation.run import Run, run
    from tocsin.simulation.scenario.files import Scenario, load, names
    from tocsin.simulation.world import World

__all__ = [
    "BorderModel",
    "Cast",
    "Comparison",
    "Group",
    "IGOCoordinator",
    "Indicator",
    "InputError",
    "Mechanism",
    "NationalAgencies",
    "Notes",
    "Run",
    "Scenario",
    "TraffickingNetworks",
    "World",
    "assumption",
    "compare",
    "lever",
    "load",
    "names",
    "run",
    "structure",
]

__version__ = version("tocsin")

_HOMES = {
    "BorderModel": "tocsin.simulation.model",
    "Cast": "tocsin.simulation.cast",
    "Comparison": "tocsin.experiments.comparing.comparison",
    "Group": "tocsin.simulation.parameters.declaring",
    "IGOCoordinator": "tocsin.simulation.agents",
    "Indicator": "tocsin.simulation.recording.indicators",
    "InputError": "tocsin.simulation.errors",
    "Mechanism": "tocsin.simulation.mechanism",
    "NationalAgencies": "tocsin.simulation.agents",
    "Notes": "tocsin.simulation.notes",
    "Run": "tocsin.simulation.run",
    "Scenario": "tocsin.simulation.scenario.files",
    "TraffickingNetworks": "tocsin.simulation.agents",
    "World": "tocsin.simulation.world",
    "assumption": "tocsin.simulation.parameters.declaring",
    "compare": "tocsin.experiments.comparing.comparison",
    "lever": "tocsin.simulation.parameters.declaring",
    "load": "tocsin.simulation.scenario.files",
    "names": "tocsin.simulation.scenario.files",
    "run": "tocsin.simulation.run",
    "structure": "tocsin.simulation.parameters.declaring",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
