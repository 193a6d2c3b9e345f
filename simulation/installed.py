"""Installed mechanisms: what other packages offer in the entry point group `tocsin.mechanisms`.

Only their names are read until one is asked for; to load it imports the code of its package.
"""

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _

GROUP = "tocsin.mechanisms"


@cache
def _offers() -> dict[str, list[EntryPoint]]:
    found: dict[str, list[EntryPoint]] = {}
    for offer in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        if all(offer.value != other.value for other in found.get(offer.name, [])):
            found.setdefault(offer.name, []).append(offer)
    return found


def names() -> list[str]:
    """Names of installed mechanisms, in alphabetical order."""
    return list(_offers())


def roots(name: str) -> set[str]:
    """Top packages of the modules that offer a mechanism of this name; none if it is not there."""
    return {offer.value.partition(":")[0].partition(".")[0] for offer in _offers().get(name, ())}


def load(name: str) -> object:
    """What an installed package offers under a name.

    Raises
    ------
    InputError
        Nothing is offered, several packages offer it, or its package cannot be imported.
    """
    offers = _offers().get(name, [])
    if len(offers) != 1:
        if not offers:
            raise InputError(_("mechanism {name}: it is not installed.", name=repr(name)))
        values = ", ".join(offer.value for offer in offers)
        raise InputError(_("mechanism {name}: several packages offer it ({values}); uninstall all "
                           "but one.", name=repr(name), values=values))  # fmt: skip
    try:
        return offers[0].load()
    except InputError:
        raise
    except (Exception, SystemExit) as wrong:
        raise InputError(_("mechanism {name}: its package cannot be imported ({value}: {why}).",
                           name=repr(name), value=offers[0].value,
                           why=f"{type(wrong).__name__}: {wrong}")) from wrong  # fmt: skip


def load_all() -> None:
    """Load every installed mechanism that can be loaded."""
    for name in names():
        try:
            load(name)
        except InputError:
            continue
