"""What happens in a scenario and when: changes of levers, shocks, treatments.

A *change* moves levers from a week on. A *shock* acts in one week. A *treatment* is held from
one week to another, both included. All of them act on what agents have or do, never on an
outcome. This module says what they are and whether they are well formed; what they do to a
running model is said in `tocsin.simulation.week.policy`.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.geography.modes import MODES, mode_of, sectors_of
from tocsin.simulation.geography.sectors import COAST
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.scenario.overrides import parse_key
from tocsin.simulation.scenario.values import check_table, check_value
from tocsin.simulation.scenario.wording import fault
from tocsin.simulation.state import Laid

Role = Literal["leader", "broker", "logistician", "courier", "financier", "corruptor"]
Targeting = Literal["random", "degree", "betweenness", "role"]
LAST_WEEK = 5200


def _field(default: Any, meaning: str, unit: str = "", **bounds: Any) -> Any:
    return Field(default, description=meaning, json_schema_extra={"unit": unit}, **bounds)


def _week(meaning: str, **more: Any) -> Any:
    return _field(..., meaning, "week", ge=1, le=LAST_WEEK, **more)


class Entry(BaseModel):
    """What every entry of a schedule has: why it is there."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    reason: str = _field("", "Why the author put it there.")
    source: str = _field("", "Where it is written, for what happened in the world.")


class Change(Entry):
    """Levers that take new values in the policy phase of `week` and keep them."""

    week: int = _week("First week in which the new values hold.")
    set: dict[str, Any] = _field(..., "New value by dotted key; levers only.")


class ShockEntry(Entry):
    """What acts in the policy phase of one week."""

    week: int = _week("Week in which it acts.")


class Arrest(ShockEntry):
    """Members of networks are arrested: a share of those at large, or a number in each network."""

    kind: Literal["arrest"] = "arrest"
    share: float | None = _field(None, "Share of a network's members.", "share", ge=0, le=1)
    number: int | None = _field(None, "Members of each network.", "persons", ge=1, le=100_000)
    targeting: Targeting = _field("random", "How members are chosen.")
    role: Role | None = _field(None, "The role that is targeted, with targeting by role.")
    networks: tuple[str, ...] = _field((), "Networks that are meant; empty means all.")


class SeizeStock(ShockEntry):
    """Shipments that are on their way are seized."""

    kind: Literal["seize_stock"] = "seize_stock"
    share: float = _field(..., "Share of the shipments in transit.", "share", ge=0, le=1)
    networks: tuple[str, ...] = _field((), "Networks that are meant; empty means all.")


class TreatmentEntry(Entry):
    """What is held from one week to another, both included."""

    from_week: int = _week("First week.", alias="from")
    to_week: int = _week("Last week.", alias="to")


class Patrol(TreatmentEntry):
    """Patrol effort is multiplied at some places and held there against reallocation."""

    kind: Literal["patrol"] = "patrol"
    where: str = _field(..., "Sector, pair of countries, share:0.25 of sectors, or busiest:N.")
    factor: float = _field(..., "Patrol effort relative to what it was.", "factor", ge=0, le=20)

    @property
    def place(self) -> "Place":
        """Where it acts, taken apart."""
        return Place.parse(self.where)


class Corruption(TreatmentEntry):
    """The share of patrol effort that can be bought is set at some places."""

    kind: Literal["corruption"] = "corruption"
    where: str = _field(..., "Country, pair of countries, or sector.")
    value: float = _field(..., "Share that can be bought.", "share", ge=0, le=0.95)

    @property
    def place(self) -> "Place":
        """Where it acts, taken apart."""
        return Place.parse(self.where)


class CloseMarket(TreatmentEntry):
    """Nothing is sold in one market town."""

    kind: Literal["close_market"] = "close_market"
    market: str = _field(..., "Name of the market town.")


class TakeOverMarket(TreatmentEntry):
    """The police run a virtual market covertly, and learn who sells there."""

    kind: Literal["take_over_market"] = "take_over_market"
    market: str = _field(..., "Name of the virtual market.")


class EnforcementOff(TreatmentEntry):
    """No patrols, no investigations, no operations anywhere."""

    kind: Literal["enforcement_off"] = "enforcement_off"


Shock = Annotated[Arrest | SeizeStock, Field(discriminator="kind")]
Treatment = Annotated[
    Patrol | Corruption | CloseMarket | TakeOverMarket | EnforcementOff, Field(discriminator="kind")
]


def _by_kind(union: Any) -> dict[str, type[BaseModel]]:
    members = get_args(get_args(union)[0])
    return {model.model_fields["kind"].default: model for model in members}


SHOCKS = _by_kind(Shock)
TREATMENTS = _by_kind(Treatment)
FORMS: dict[str, str] = {
    "change": 'week and set = { "cooperation.sharing" = 0.9 }',
    "shock": f"week and kind ({', '.join(SHOCKS)})",
    "treatment": f"from, to and kind ({', '.join(TREATMENTS)})",
}


class Place(NamedTuple):
    """Where a treatment acts.

    `kind` says what `name` is: a sector's id, a pair, the code of a country, or with ``coast``
    that of the country whose coast it is; with ``share`` and ``busiest`` the name is empty and
    `amount` holds the share or the number of sectors.
    """

    kind: Literal["sector", "pair", "country", "coast", "share", "busiest"]
    name: str = ""
    amount: float = 0.0

    @classmethod
    def parse(cls, where: str) -> "Place":
        """Take the text of a scenario file apart; a text of no other form is a sector's id.

        Raises InputError for a share or a number that is none.
        """
        head, colon, amount = where.partition(":")
        if colon and head == "share":
            if not re.fullmatch(r"0?\.[0-9]+|1(\.0*)?", amount) or not float(amount) > 0:
                raise InputError("not a share; allowed is share: and a number above 0 up to 1")
            return cls("share", amount=float(amount))
        if colon and head == "busiest":
            if not re.fullmatch(r"[1-9][0-9]{0,5}", amount):
                raise InputError("not a number of sectors; allowed is busiest:1 or more")
            return cls("busiest", amount=int(amount))
        if re.fullmatch(r"[A-Z]{3}", where):
            return cls("country", where)
        if re.fullmatch(rf"[A-Z]{{3}}-{COAST}", where):
            return cls("coast", where[:3])
        if re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", where):
            first, second = sorted(where.split("-"))
            return cls("pair", f"{first}-{second}")
        return cls("sector", where)


@dataclass(frozen=True)
class Schedule(Laid):
    """All entries of a scenario, those of its parents first."""

    changes: tuple[Change, ...] = ()
    shocks: tuple[Shock, ...] = ()
    treatments: tuple[Treatment, ...] = ()

    def __add__(self, other: "Schedule") -> "Schedule":
        return Schedule(
            self.changes + other.changes,
            self.shocks + other.shocks,
            self.treatments + other.treatments,
        )

    def entries(self) -> list[tuple[str, Entry]]:
        """(table, entry) for each entry: changes, shocks, treatments."""
        return [
            *(("change", entry) for entry in self.changes),
            *(("shock", entry) for entry in self.shocks),
            *(("treatment", entry) for entry in self.treatments),
        ]

    def labelled(self, own: "Schedule") -> list[tuple[str, Entry]]:
        """(label, entry) for each entry, to be named in a sentence.

        The last entries are those of `own` and are counted as in its file, ``change 1``; those
        before come from its parents, ``inherited change 1``.
        """
        inherited = {
            "change": len(self.changes) - len(own.changes),
            "shock": len(self.shocks) - len(own.shocks),
            "treatment": len(self.treatments) - len(own.treatments),
        }
        counted = Counter[str]()
        labelled: list[tuple[str, Entry]] = []
        for table, entry in self.entries():
            counted[table] += 1
            number = counted[table] - inherited[table]
            label = f"{table} {number}" if number > 0 else f"inherited {table} {counted[table]}"
            labelled.append((label, entry))
        return labelled


def read_schedule(table: Mapping[str, Any]) -> Schedule:
    """Read ``[[change]]``, ``[[shock]]`` and ``[[treatment]]`` of a scenario file.

    Parameters
    ----------
    table
        The whole file; each entry of the three lists needs a reason or a source.

    Raises
    ------
    InputError
        The first entry that is not well formed; whether it fits the world is said by
        `check_schedule`.
    """
    readers = {"change": _change, "shock": _shock, "treatment": _treatment}
    read: dict[str, list[Any]] = {name: [] for name in readers}
    for name, reader in readers.items():
        entries = table.get(name, [])
        if not isinstance(entries, list | tuple) or not all(isinstance(e, dict) for e in entries):
            raise InputError(
                f"{name}: not a list of tables; each entry begins with [[{name}]] in two brackets."
            )
        for number, entry in enumerate(entries, 1):
            where = f"{name} {number}, "
            model = reader(where, entry)
            if not (model.reason or model.source):
                raise InputError(f"{name} {number}, reason: missing; say why in a text in quotes.")
            read[name].append(model)
    return Schedule(tuple(read["change"]), tuple(read["shock"]), tuple(read["treatment"]))


def _change(where: str, entry: dict[str, Any]) -> Change:
    sets = entry.get("set")
    rest = check_table(where, _ChangeFields, {k: v for k, v in entry.items() if k != "set"})
    if not isinstance(sets, dict) or not sets:
        raise InputError(
            f'{where}set: missing or empty; write set = {{ "cooperation.sharing" = 0.9 }}.'
        )
    checked: dict[str, Any] = {}
    for dotted, value in _flattened(sets).items():
        try:
            key = parse_key(dotted, value)
            if key.kind != "lever":
                raise fault(
                    dotted, value, f"it is {_article(key.kind)}, which no policy can move",
                    "a change sets levers only",
                )  # fmt: skip
            if key.dotted in checked:
                raise fault(dotted, value, "set twice in one change", "once is enough")
            checked[key.dotted] = check_value(key.dotted, key.field, value)
        except InputError as wrong:
            raise InputError(f"{where}{wrong}") from None
    return Change(set=checked, **rest)


class _ChangeFields(Entry):
    """A change without its values."""

    week: int = Change.model_fields["week"]  # pyright: ignore[reportAssignmentType]


def _flattened(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted keys, whether they were written with quotes or as tables in tables."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flattened(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat


def _article(kind: str) -> str:
    return {"assumption": "an assumption", "structure": "part of the structure"}.get(kind, kind)


def _shock(where: str, entry: dict[str, Any]) -> Any:
    model = _kind(where, entry, SHOCKS, TREATMENTS, "treatment")
    checked = check_table(where, model, entry)
    if model is Arrest:
        if ("share" in checked) == ("number" in checked):
            stated = "both are" if "share" in checked else "neither is"
            raise InputError(f"{where}arrest: one of share and number is needed; {stated} given.")
        by_role = checked.get("targeting") == "role"
        if by_role and "role" not in checked:
            roles = ", ".join(get_args(Role))
            raise InputError(f"{where}role: missing; targeting by role needs one of {roles}.")
        if not by_role and "role" in checked:
            raise fault(f"{where}role", checked["role"], "is read only with targeting by role",
                        'write targeting = "role" too')  # fmt: skip
    return model(**checked)


def _treatment(where: str, entry: dict[str, Any]) -> Any:
    model = _kind(where, entry, TREATMENTS, SHOCKS, "shock")
    checked = check_table(where, model, entry)
    if checked["from"] > checked["to"]:
        raise fault(f"{where}from", checked["from"], f"later than to = {checked['to']}",
                    "a treatment ends in the week it begins, or later")  # fmt: skip
    if "where" in checked:
        try:
            Place.parse(checked["where"])
        except InputError as wrong:
            raise fault(f"{where}where", checked["where"], str(wrong)) from None
    return model(**checked)


def _kind(
    where: str,
    entry: dict[str, Any],
    kinds: Mapping[str, type[BaseModel]],
    elsewhere: Mapping[str, type[BaseModel]],
    other: str,
) -> type[BaseModel]:
    allowed = f"allowed is {' or '.join(kinds)}"
    if "kind" not in entry:
        raise InputError(f"{where}kind: missing; {allowed}.")
    kind = entry["kind"]
    if isinstance(kind, str) and kind in elsewhere:
        raise fault(f"{where}kind", kind, f"that is a {other}", f"write it under [[{other}]]")
    if not isinstance(kind, str) or kind not in kinds:
        hint = nearest(kind, kinds) if isinstance(kind, str) else ""
        raise fault(f"{where}kind", kind, "there is no such kind", allowed, hint)
    return kinds[kind]


def check_schedule(
    schedule: Schedule, own: Schedule, parameters: Parameters, grid: BorderGrid
) -> None:
    """Whether the entries fit the world: weeks, networks, markets, places, no contradictions.

    `own` is the part of the schedule that the scenario itself states.

    Raises
    ------
    InputError
        The first entry that does not fit.
    """
    moved: set[tuple[int, str]] = set()
    held: dict[tuple[str, str], list[tuple[int, int]]] = {}
    shocks: list[Entry] = []
    for label, entry in schedule.labelled(own):
        where = f"{label}, "
        _check_weeks(where, entry, parameters.world.weeks)
        if isinstance(entry, Change):
            for key, value in entry.set.items():
                if (entry.week, key) in moved:
                    raise fault(f"{where}{key}", value,
                                f"set twice in week {entry.week}", "once is enough")  # fmt: skip
                moved.add((entry.week, key))
                name = parse_key(key).name
                if name and name not in parameters.countries:
                    raise fault(f"{where}{key}", value, f"there is no country {name!r}",
                                f"it is one of {', '.join(parameters.countries)}",
                                nearest(name, parameters.countries))  # fmt: skip
        elif isinstance(entry, TreatmentEntry):
            place = _check_place(where, entry, parameters, grid)
            spans = held.setdefault((getattr(entry, "kind", ""), place), [])
            if any(first <= entry.to_week and entry.from_week <= last for first, last in spans):
                raise fault(f"{where}from", entry.from_week,
                            "the same treatment is held there already",
                            "two of a kind at one place do not overlap")  # fmt: skip
            spans.append((entry.from_week, entry.to_week))
        elif isinstance(entry, Arrest | SeizeStock):
            check_networks(f"{where}networks", entry.networks, parameters)
            plain = entry.model_copy(update={"reason": "", "source": ""})
            if plain in shocks:
                raise fault(f"{where}week", entry.week, "the same shock stands there twice",
                            "once is enough")  # fmt: skip
            shocks.append(plain)


def _check_weeks(where: str, entry: Entry, weeks: int) -> None:
    for name in ("week", "from", "to"):
        week = getattr(entry, name if name == "week" else f"{name}_week", None)
        if week is not None and week > weeks:
            raise fault(f"{where}{name}", week, "after the end of the run",
                        f"allowed is a whole number from 1 to {weeks} (week)")  # fmt: skip


def check_networks(where: str, networks: Sequence[str], parameters: Parameters) -> None:
    """Whether the ids of networks lie within ``world.networks``; raises InputError if not."""
    count = parameters.world.networks
    known = parameters.network_ids()
    for network in networks:
        if network not in known:
            raise fault(where, network, "there is no such network",
                        f"allowed is {known[0]} to {known[-1]}",
                        nearest(network, known) if count < 1000 else "")  # fmt: skip


def _check_place(
    where: str, entry: TreatmentEntry, parameters: Parameters, grid: BorderGrid
) -> str:
    """The place of a treatment in its normal form, if the world has it."""
    if isinstance(entry, CloseMarket | TakeOverMarket):
        covert = isinstance(entry, TakeOverMarket)
        goods = [c for c in parameters.commodities.values() if not covert or mode_of(c).platforms]
        markets = sorted({town for good in goods for town in good.markets})
        if not markets:
            modes = " or ".join(mode.name for mode in MODES.values() if mode.platforms)
            raise fault(f"{where}kind", entry.kind, f"no commodity is {modes}",
                        f"only a {modes} market can be taken over")  # fmt: skip
        if entry.market not in markets:
            wrong = "no virtual market" if covert else "no commodity is sold there"
            raise fault(f"{where}market", entry.market, wrong,
                        f"the markets are {', '.join(markets)}",
                        nearest(entry.market, markets))  # fmt: skip
        return entry.market
    if not isinstance(entry, Patrol | Corruption):
        return ""
    place, where = entry.place, f"{where}where"
    sectors = sectors_of(grid, parameters).ids
    if isinstance(entry, Patrol) and place.kind == "country":
        raise fault(
            where, entry.where, "patrols are not held by country",
            "allowed is a sector, a pair of countries, share:0.25 or busiest:1",
        )  # fmt: skip
    if isinstance(entry, Corruption) and place.kind in ("share", "busiest"):
        raise fault(where, entry.where, "corruption is not set that way",
                    "allowed is a country, a pair of countries or a sector")  # fmt: skip
    if place.kind == "country" and place.name not in grid.codes:
        raise fault(where, entry.where, "no country of the map",
                    f"the map has {', '.join(grid.codes)}",
                    nearest(place.name, grid.codes))  # fmt: skip
    borders = ["-".join(pair) for pair in grid.neighbours()]
    if place.kind == "pair" and place.name not in borders:
        raise fault(where, entry.where, "these two share no border on the map",
                    f"the borders are {', '.join(borders)}",
                    nearest(place.name, borders))  # fmt: skip
    coasts = [at for code in grid.codes if f"{(at := f'{code}-{COAST}')}:01" in sectors]
    if place.kind == "coast" and entry.where not in coasts:
        raise fault(where, entry.where, "no coast of the map",
                    f"the coasts are {', '.join(coasts) or 'none'}",
                    nearest(entry.where, coasts))  # fmt: skip
    if place.kind == "busiest" and place.amount > len(sectors):
        raise fault(where, entry.where, "more than there are sectors",
                    f"the map has {len(sectors)}")  # fmt: skip
    if place.kind == "sector" and place.name not in sectors:
        raise fault(where, entry.where, "neither a sector of the map, nor a pair of countries, "
                    "share:0.25 or busiest:1", f"a sector is written {sectors[0]}",
                    nearest(place.name, sectors))  # fmt: skip
    return entry.where if place.kind in ("coast", "share", "busiest") else place.name
