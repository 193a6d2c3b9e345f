"""Groups: levers that are counted as one when a gap is divided, as a planner names them."""

from collections.abc import Mapping, Sequence
from itertools import chain

from tocsin.experiments.comparing.attribution import Part, differing
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.scenario.overrides import parse_key

Groups = Mapping[str, Sequence[str]]


def parse_groups(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read groups of the form ``NAME=KEY,KEY``.

    Raises
    ------
    InputError
        A text is not of that form, a name or a key stands in two groups, or there is no such key.
    """
    groups: dict[str, tuple[str, ...]] = {}
    place: dict[str, str] = {}
    for text in texts:
        name, _, rest = (part.strip() for part in text.partition("="))
        keys = [key.strip() for key in rest.split(",") if key.strip()]
        if not (name and keys):
            raise InputError(f"--group {text}: not of the form NAME=KEY,KEY, as in "
                             "news=cooperation.sharing,intelligence.delay_weeks.")  # fmt: skip
        if name in groups:
            raise InputError(f"--group {text}: there is a group {name!r} already; name each once.")
        for key in keys:
            _known(key, text)
            if key in place:
                raise InputError(f"--group {text}: {key} is in {place[key]!r} already; a lever "
                                 "belongs to one group.")  # fmt: skip
            place[key] = name
        groups[name] = tuple(keys)
    return groups


def check_groups(groups: Groups, base: Scenario, others: Sequence[Scenario]) -> None:
    """Raise InputError if a key differs in none of the scenarios that can be divided."""
    names: list[str] = []
    for other in others:
        try:
            names += [name for part in differing(base, other) for name in names_of(part)]
        except InputError:
            continue
    names = list(dict.fromkeys(names))
    for group, key in ((group, key) for group, keys in groups.items() for key in keys):
        if key not in names:
            what = f"what differs is {', '.join(names)}" if names else "nothing differs"
            raise InputError(f"--group {group}: {key} is the same in all scenarios; {what}"
                             f"{nearest(key, names)}.")  # fmt: skip


def grouped(parts: Sequence[Part], groups: Groups) -> list[Part]:
    """Join parts that stand in one group; the others stay as they are.

    A key that does not differ here is passed over, so that one set of groups serves several
    scenarios; a group of which nothing differs is left out.
    """
    place = {key: group for group, keys in groups.items() for key in keys}
    members: dict[str, list[Part]] = {}
    for part in parts:
        found = next((place[name] for name in names_of(part) if name in place), part.name)
        members.setdefault(found, []).append(part)
    return [
        Part(
            name,
            tuple(chain.from_iterable(part.keys for part in mine)),
            tuple(chain.from_iterable(part.entries for part in mine)),
        )
        for name, mine in members.items()
    ]


def names_of(part: Part) -> tuple[str, ...]:
    """By which names a planner may call a part."""
    return tuple(dict.fromkeys((*part.name.split(" + "), *part.keys)))


def _known(key: str, text: str) -> None:
    if key.endswith(" in the schedule"):
        return
    try:
        parse_key(key)
    except InputError as wrong:
        raise InputError(f"--group {text}: {wrong}") from None
