"""Mechanisms from outside: a door for those who add to the model without a change to it.

A mechanism is a class. It brings levers, which are keys of scenario files; indicators, which are
columns of every table; state, which is part of the fingerprint; draws of its own; and a place in
the week. It may also put another decision in the place of one of the package. `docs/extending.md`
has a worked example.
"""

import hashlib
import linecache
import re
import sys
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from types import FunctionType, NoneType, UnionType
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from tocsin.simulation import installed
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import COLLECTIONS, GROUPS, Group, Parameters
from tocsin.simulation.randomness import Keys, Streams
from tocsin.simulation.recording import events
from tocsin.simulation.recording.indicators import Indicator, declare
from tocsin.simulation.recording.record import ASIDE
from tocsin.simulation.state import Guest, Laid, state_of

DECIDERS = ("networks", "agencies", "coordinator")
_NAME = r"[a-z][a-z0-9_]{0,39}"
_ALLOWED = {"source": ("counted", "measured"), "per": ("", "country", "commodity"),
            "ending": ("total", "last", "mean"), "shown": ("", "main")}  # fmt: skip
# Columns of tables and of the record beside those of indicators.
_TAKEN = frozenset({*ASIDE, "flow", "passed_on", "ages", "watches", "point", "replication",
                    "scenario", "seed", "week"})  # fmt: skip
_DEFINED: dict[str, type["Mechanism"]] = {}


class Draws(Laid):
    """Random draws of one mechanism; they disturb nobody else's.

    Every draw follows from the seed of the run, the name of the mechanism, a purpose, the key of
    an entity, a week and a number, and from nothing else: two runs that differ in a lever share
    their luck.
    """

    def __init__(self, streams: Streams, name: str) -> None:
        self._streams = streams
        self._name = name

    def uniform(
        self, purpose: str, entities: Keys, week: int = 0, draws: ArrayLike = 0
    ) -> NDArray[np.float64]:
        """Uniform in (0, 1); float64 of the broadcast shape of `entities` and `draws`."""
        return self._streams.uniform(f"{self._name}: {purpose}", entities, week, draws)

    def normal(
        self, purpose: str, entities: Keys, week: int = 0, draws: ArrayLike = 0
    ) -> NDArray[np.float64]:
        """Standard normal, of the broadcast shape of `entities` and `draws`."""
        return self._streams.normal(f"{self._name}: {purpose}", entities, week, draws)


class Mechanism(Guest):
    """A mechanism from outside the package.

    Attributes
    ----------
    name
        What scenario files call it, and the group of its levers; by default the name of the class
        in small letters with underscores.
    levers
        The class of its parameters, a `Group` of rows that `lever`, `assumption` or `structure`
        declare; in an instance their values in force.
    indicators
        What it measures. In its step it reports them with ``notes.count``, ``notes.measure`` or,
        one value for each country or commodity, ``notes.row``. One whose name begins with
        ``cost_`` is part of the total cost.
    events
        Kinds of events that it records, with what each means.
    after
        Phase of the week behind which its step comes; "" if it has none.
    networks, agencies, coordinator
        Subclass of the collective that decides, if the mechanism puts other decisions in the
        place of those of the package.
    no_state
        Names of attributes that are laid out once, or only kept to tell of the run. All others
        are part of the state.
    draws
        Its random draws; there from `lay_out` on.

    Raises
    ------
    InputError
        When the class is defined, if what it states is not well formed, or another module defines
        one of the same name.
    """

    name: ClassVar[str] = ""
    indicators: ClassVar[tuple[Indicator, ...]] = ()
    events: ClassVar[Mapping[str, str]] = {}
    after: ClassVar[str] = ""
    networks: ClassVar[type | None] = None
    agencies: ClassVar[type | None] = None
    coordinator: ClassVar[type | None] = None
    no_state: ClassVar[frozenset[str]] = frozenset()

    class levers(Group):  # noqa: N801  an instance has the values under the same name
        """No levers."""

    draws: Draws

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if not vars(cls).get("name"):
            cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        _check(cls)
        before = _DEFINED.get(cls.name, cls)
        if _place(before) != _place(cls):
            raise InputError(_(
                "mechanism {name}: it is defined in the module {before} and again in {now}; give "
                "one of them another name, or uninstall what brings it.", name=repr(cls.name),
                before=before.__module__, now=cls.__module__,
            ))  # fmt: skip
        declare(cls.name, cls.indicators)
        events.declare(cls.name, cls.events)
        _DEFINED[cls.name] = cls
        with suppress(InputError):  # of what is run, whatever becomes of the file later
            cls.digest()

    def lay_out(self, world: Any) -> None:
        """Make the state before the first week; `world` is a `World`."""

    def step(self, world: Any, cast: Any, notes: Any) -> None:
        """What happens in a week: a phase, with its `World`, `Cast` and `Notes`."""

    def enter(self, world: Any) -> None:
        """Come into a world that is laid out.

        Raises InputError if something that the mechanism holds cannot be part of the state, or
        if its `lay_out` fails.
        """
        self.take_over(world.parameters)
        self.draws = Draws(world.streams, self.name)
        with blaming([self], 0):
            self.lay_out(world)
        try:
            state_of(self, self.name)
        except RecursionError:
            raise InputError(_(
                "mechanism {name}: it holds what holds it, such as the world; step() is given the "
                "world, so keep none.", name=repr(self.name),
            )) from None  # fmt: skip

    def take_over(self, parameters: Parameters) -> None:
        """Work with new values from now on."""
        vars(self)["levers"] = getattr(parameters, self.name)

    @classmethod
    def described(cls) -> dict[str, str]:
        """What a manifest says of it: name, class, digest, and the package that brought it."""
        root = cls.__module__.partition(".")[0]
        told = {"name": cls.name, "class": f"{cls.__module__}.{cls.__qualname__}",
                "digest": cls.digest()}  # fmt: skip
        for distribution in packages_distributions().get(root, [])[:1]:
            told["package"] = f"{distribution} {version(distribution)}"
        return told

    @classmethod
    def digest(cls) -> str:
        """SHA-256, 16 digits, over the sources of its package, of its module, or of the class.

        They are read when the class is defined; a later edit is not what is run.

        Raises InputError if there are none, since no result could say what made it.
        """
        return _digest(cls)


@cache
def _digest(kind: type) -> str:
    seen = hashlib.sha256(f"{kind.__qualname__}\0".encode())
    for part in _sources(kind):
        seen.update(part + b"\0")
    return seen.hexdigest()[:16]


def _sources(kind: type) -> list[bytes]:
    root = sys.modules.get(kind.__module__.partition(".")[0])
    for folder in [*getattr(root, "__path__", [])][:1]:
        return [path.read_bytes() for path in sorted(Path(folder).rglob("*.py"))]
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    if file and Path(file).is_file():
        return [Path(file).read_bytes()]
    cells = sorted({function.__code__.co_filename for function in _functions(kind)})
    if found := [text.encode() for cell in cells if (text := "".join(linecache.getlines(cell)))]:
        return found  # of a notebook
    raise InputError(_(
        "mechanism {name}: its source cannot be found, so no result could say what made it; put "
        "it into a file.", name=kind.__name__,
    ))  # fmt: skip


def _functions(kind: type) -> Iterator[FunctionType]:
    """What a class and the classes inside it define."""
    for part in vars(kind).values():
        if isinstance(part, FunctionType):
            yield part
        elif isinstance(part, type) and part.__module__ == kind.__module__:
            yield from _functions(part)


def _place(kind: type) -> str:
    """Where a class stands; one file may be known as two modules if it is a script too."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return str(Path(file).resolve()) if file else kind.__module__


@contextmanager
def blaming(mechanisms: Iterable["Mechanism"], week: int) -> Iterator[None]:
    """Whatever goes wrong inside while code of a mechanism is under way is an InputError.

    Its sentence names the mechanism, its module and the line; what was raised is its cause.

    Parameters
    ----------
    mechanisms
        Of the run.
    week
        In which it is; 0 before the first.
    """
    try:
        yield
    except Exception as wrong:
        told = blamed(wrong, mechanisms, week)
        if told is None:
            raise
        raise told from wrong


def blamed(wrong: Exception, mechanisms: Iterable["Mechanism"], week: int) -> InputError | None:
    """The sentence about the mechanism whose code was under way; None if none was."""
    frames = [*traceback.walk_tb(wrong.__traceback__)][::-1]
    for mechanism in mechanisms:
        own = {function.__code__ for kind in _kinds(mechanism) for function in _functions(kind)}
        for frame, line in frames:
            if frame.f_code not in own:
                continue
            why = str(wrong).rstrip(".")
            said = {
                "name": repr(mechanism.name), "module": type(mechanism).__module__,
                "method": frame.f_code.co_name, "line": line,
                "file": Path(frame.f_code.co_filename).name,
                "why": why if isinstance(wrong, InputError) else f"{type(wrong).__name__}: {why}",
            }  # fmt: skip
            if not week:
                return InputError(_(
                    "mechanism {name} of the module {module}: its {method} failed before the first "
                    "week, in line {line} of {file} ({why}).", **said,
                ))  # fmt: skip
            return InputError(_(
                "mechanism {name} of the module {module}: its {method} failed in week {week}, in "
                "line {line} of {file} ({why}).", week=week, **said,
            ))  # fmt: skip
    return None


def _kinds(mechanism: Mechanism) -> Iterator[type]:
    """The classes that others wrote for a mechanism: its own, and those that decide for it."""
    for kind in (type(mechanism), *(getattr(mechanism, who) for who in DECIDERS)):
        for base in getattr(kind, "__mro__", ()):
            if base is not object and not base.__module__.startswith("tocsin."):
                yield base


def _check(kind: type[Mechanism]) -> None:
    name = kind.__name__
    if not (isinstance(kind.name, str) and re.fullmatch(_NAME, kind.name)):
        raise InputError(_(
            "mechanism {name}: name = {value}: not a name; allowed are up to 40 small letters, "
            "digits and underscores, a letter first.", name=name, value=repr(kind.name),
        ))  # fmt: skip
    if kind.name in (*GROUPS, *COLLECTIONS) or hasattr(Parameters, kind.name):
        raise InputError(_("mechanism {name}: name = {value}: the package itself has this name.",
                           name=name, value=repr(kind.name)))  # fmt: skip
    if not (isinstance(kind.levers, type) and issubclass(kind.levers, Group)):
        raise InputError(_("mechanism {name}: levers: not a class that derives from tocsin.Group.",
                           name=name))  # fmt: skip
    for row, field in kind.levers.model_fields.items():
        _check_row(kind, row, field)
    for part, needed, example in (
        ("indicators", tuple | list, "indicators = (tocsin.Indicator(...),)"),
        ("events", Mapping, 'events = {"bell": "a bell rang"}'),
        ("no_state", tuple | list | Set, 'no_state = frozenset({"table"})'),
    ):
        if not isinstance(getattr(kind, part), needed):
            raise InputError(_("mechanism {name}: {part}: not of the form; write {example}.",
                               name=name, part=part, example=example))  # fmt: skip
    seen: set[str] = set()
    for one in kind.indicators:
        _check_indicator(name, one)
        if one.name in seen:
            raise InputError(_("mechanism {name}: indicator {one}: declared twice; once is enough.",
                               name=name, one=repr(one.name)))  # fmt: skip
        seen.add(one.name)


def _check_row(kind: type[Mechanism], row: str, field: FieldInfo) -> None:
    name, extra = kind.__name__, field.json_schema_extra
    if not isinstance(extra, dict) or "kind" not in extra:
        raise InputError(_(
            "mechanism {name}: levers.{row}: not declared; write {row}: float = tocsin.lever(0.0, "
            '"What it is.", unit="share", low=0, high=1).', name=name, row=row,
        ))  # fmt: skip
    if field.is_required():
        raise InputError(_(
            "mechanism {name}: levers.{row}: it has no default, and scenarios that do not name it "
            "need one.", name=name, row=row,
        ))  # fmt: skip
    if not re.fullmatch(_NAME, row):
        raise InputError(_(
            "mechanism {name}: levers.{row}: not a name; allowed are up to 40 small letters, "
            "digits and underscores, a letter first.", name=name, row=row,
        ))  # fmt: skip
    if not _can_be_stated(field.annotation):
        raise InputError(_(
            "mechanism {name}: levers.{row}: no scenario file can state a value of this type; "
            'allowed are float, int, bool, str, Literal["a", "b"], tuple[str, ...] and '
            'tuple[Literal["a", "b"], ...].', name=name, row=row,
        ))  # fmt: skip
    try:
        kind.levers.model_validate({row: field.default}, strict=True)
    except ValidationError as wrong:
        raise InputError(_(
            "mechanism {name}: levers.{row}: its default {value} is none of what it allows: {why}.",
            name=name, row=row, value=repr(field.default), why=wrong.errors()[0]["msg"],
        )) from None  # fmt: skip


def _can_be_stated(annotation: Any) -> bool:
    """Whether a file can state a value of this type: a number, a word, or a list of words."""
    if get_origin(annotation) in (Union, UnionType):
        return all(part is NoneType or _can_be_stated(part) for part in get_args(annotation))
    if get_origin(annotation) is tuple:
        of, *rest = get_args(annotation)
        return rest == [...] and (of is str or get_origin(of) is Literal)
    return annotation in (float, int, bool, str) or get_origin(annotation) is Literal


def _check_indicator(name: str, one: object) -> None:
    if not isinstance(one, Indicator):
        raise InputError(_("mechanism {name}: indicators: {one} is not an Indicator.", name=name,
                           one=repr(one)))  # fmt: skip
    for field, allowed in _ALLOWED.items():
        value = getattr(one, field)
        if value not in allowed:
            raise InputError(_(
                "mechanism {name}: indicator {one}: {field} = {value}; a mechanism can have "
                "{allowed}.", name=name, one=repr(one.name), field=field, value=repr(value),
                allowed=", ".join(map(repr, allowed)),
            ))  # fmt: skip
    if one.name in _TAKEN:
        raise InputError(_("mechanism {name}: indicator {one}: tables have another column of this "
                           "name; choose another name.",
                           name=name, one=repr(one.name)))  # fmt: skip
    if one.name.startswith("cost_") and (one.source, one.per, one.unit) != ("measured", "", "USD"):
        raise InputError(_(
            "mechanism {name}: indicator {one}: it begins with cost_, so it is part of the total "
            "cost; give it source \"measured\", unit \"USD\" and no per, or another name.",
            name=name, one=repr(one.name),
        ))  # fmt: skip


def find(names: Iterable[str]) -> tuple[type[Mechanism], ...]:
    """Mechanisms by name: what this process has defined, or what is installed.

    Raises
    ------
    InputError
        There is none of such a name, it cannot be loaded, or what is installed and what this
        process has defined are two.
    """
    return tuple(_find(name) for name in names)


def _find(name: str) -> type[Mechanism]:
    known = _DEFINED.get(name)
    roots = installed.roots(name)
    if roots and (known is None or known.__module__.partition(".")[0] not in roots):
        offered = installed.load(name)
        if not (isinstance(offered, type) and issubclass(offered, Mechanism)):
            raise InputError(_(
                "mechanism {name}: what its package offers is not a class that derives from "
                "tocsin.Mechanism.", name=repr(name),
            ))  # fmt: skip
        if offered.name != name:
            raise InputError(_(
                "mechanism {name}: its package offers {offered} under this name; both names must "
                "be one.", name=repr(name), offered=repr(offered.name),
            ))  # fmt: skip
    if name not in _DEFINED:
        known = sorted({*_DEFINED, *installed.names()})
        if not known:
            raise InputError(_("mechanism {name}: it is not installed, and no other is.",
                               name=repr(name)))  # fmt: skip
        raise InputError(_("mechanism {name}: it is not installed; there are {known}{nearest}.",
                           name=repr(name), known=", ".join(known),
                           nearest=nearest(name, known)))  # fmt: skip
    return _DEFINED[name]


def together(
    first: Iterable[type[Mechanism]], more: Iterable[type[Mechanism]], taken: Collection[str]
) -> tuple[type[Mechanism], ...]:
    """Mechanisms of a scenario and those that are added; of one name, the later one counts.

    Raises
    ------
    InputError
        Something is no mechanism, its name is among those `taken`, or two of them put other
        decisions in the same place.
    """
    found = {kind.name: kind for kind in first}
    for kind in more:
        if not (isinstance(kind, type) and issubclass(kind, Mechanism)):
            raise InputError(_("mechanisms: {kind} is not a class that derives from "
                               "tocsin.Mechanism.", kind=repr(kind)))  # fmt: skip
        if kind.name in taken:
            raise InputError(_("mechanism {name}: the word has another meaning in scenario files; "
                               "give it another name.", name=repr(kind.name)))  # fmt: skip
        found[kind.name] = kind
    for who in DECIDERS:
        own = [kind.name for kind in found.values() if getattr(kind, who) is not None]
        if len(own) > 1:
            raise InputError(_("mechanisms: {names} all decide for the {who}; take one of them.",
                               names=", ".join(own), who=who))  # fmt: skip
    return tuple(found.values())


def model_of(group: str) -> type[Group] | None:
    """The rows of a group or collection of parameters, those of mechanisms included.

    None if there is no such group.
    """
    if group in COLLECTIONS:
        return COLLECTIONS[group]
    if group in GROUPS:
        return GROUPS[group]
    return _find(group).levers if group in (*_DEFINED, *installed.names()) else None
