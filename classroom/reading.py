"""Lesson files, read and checked.

A lesson is a TOML file in `scenarios/lessons`; `docs/classroom.md` describes the format for
authors. Reading is all or nothing: every fault is one sentence with file, key, value and what is
allowed, and all are told at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from tocsin.classroom.lesson import YEAR, Lesson, Seat
from tocsin.classroom.levers import Lever, Value, form_of, span_of
from tocsin.classroom.tables import (
    Goal,
    Head,
    LeverTable,
    Question,
    Round,
    SeatTable,
    StartValue,
    Table,
    Talk,
    WorldTable,
)
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.scenario.files import Scenario, load_beside
from tocsin.simulation.scenario.overrides import Key, look_up, parse_key
from tocsin.simulation.scenario.values import allowed, check_value, declared
from tocsin.simulation.scenario.wording import fault
from tocsin.simulation.text_files import find, read_text, toml_table

SCHEMA = 1
BEGINS = "as the lesson begins"
LISTS: dict[str, type[Table]] = {
    "round": Round, "seat": SeatTable, "lever": LeverTable, "goal": Goal, "prediction": Question,
    "debrief": Talk, "setting": StartValue,
}  # fmt: skip
VALUES = ("start", "cooperative", "computer")
ANY = "AAA"  # stands for a country where any would do


def shipped_lessons() -> dict[str, Traversable]:
    """Name -> file of every lesson that comes with the package."""
    folder = resources.files("tocsin.scenarios") / "lessons"
    found = {f.name[:-5]: f for f in folder.iterdir() if f.name.endswith(".toml")}
    return dict(sorted(found.items()))


def load_lesson(name: str | Path) -> Lesson:
    """Read a lesson by the name of a shipped one, or by path.

    Raises
    ------
    InputError
        There is no such lesson, or it is not well formed; the sentence says what to mend.
    """
    known = shipped_lessons()
    source = find(str(name), Path(), known, ".toml", "lesson")
    if source is None and not str(name).endswith(".toml"):
        raise InputError(
            f"lesson {str(name)!r}: there is no such lesson; the shipped ones are "
            f"{', '.join(known)}{nearest(str(name), known)}."
        )
    source = source or Path(name)
    text = read_text(source, "a lesson")
    folder = source.parent if isinstance(source, Path) else None
    return read_lesson(text, source.name.removesuffix(".toml"), folder)


def read_lesson(text: str, name: str, folder: Path | None = None) -> Lesson:
    """Build a lesson from the text of its file.

    Parameters
    ----------
    text, name
        What stands in the file, and its name without the ending.
    folder
        Where a scenario that is not shipped is looked up.

    Raises
    ------
    InputError
        All faults that can be seen at once, each one sentence on a line of its own.
    """
    faults: list[str] = []
    try:
        return _Reader(text, name, folder, faults).lesson()
    except InputError as wrong:
        faults.append(str(wrong))
    head = f"{name}.toml: "
    said = dict.fromkeys(one if one.startswith(head) else head + one for one in faults if one)
    raise InputError("\n".join(said))


class _Reader:
    """One lesson file on its way to a lesson."""

    def __init__(self, text: str, name: str, folder: Path | None, faults: list[str]) -> None:
        self.text, self.name, self.folder, self.faults = text, name, folder, faults
        self.table = toml_table(text)

    def _kept[Made](self, make: Callable[..., Made], *given: Any) -> Made | None:
        """What `make` gives; a fault is kept for the end, and the reading goes on."""
        try:
            return make(*given)
        except InputError as wrong:
            self.faults.append(str(wrong))
            return None

    def _stop_if_wrong(self) -> None:
        """Raise an InputError without a sentence if faults were kept."""
        if self.faults:
            raise InputError("")

    def _made(self, where: str, model: type[Table], table: Mapping[str, Any]) -> Any:
        """One table; each wrong, missing or unknown field is kept as a fault.

        A field that is wrong has its default, and None if it has none, so that the rest can be
        judged all the same.
        """
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        checked: dict[str, Any] = {}
        for name, value in table.items():
            if name in fields:
                found = self._kept(check_value, f"{where}{name}", fields[name], value)
                checked |= {} if found is None else {name: found}
            else:
                hint = nearest(name, fields)
                wrong = fault(f"{where}{name}", value, "there is no such field",
                              f"the fields are {', '.join(fields)}", hint)  # fmt: skip
                self.faults.append(str(wrong))
        for name, field in fields.items():
            if field.is_required() and name not in table:
                self.faults.append(f"{where}{name}: missing; {allowed(field)}.")
            if field.is_required():
                checked.setdefault(name, None)
        return model.model_construct(**checked)

    def lesson(self) -> Lesson:
        known = ("schema", *Head.model_fields, "world", *LISTS)
        for key in self.table:
            if key not in known:
                self.faults.append(
                    f"unknown key {key!r}; allowed are {', '.join(known)}{nearest(key, known)}."
                )
        if self.table.get("schema") is not SCHEMA and self.table.get("schema") != SCHEMA:
            self.faults.append(f"schema: missing or another one; write schema = {SCHEMA}.")
        stated = {key: v for key, v in self.table.items() if key in Head.model_fields}
        head = self._made("", Head, stated)
        world_table = self.table.get("world")
        world: Any = None
        if isinstance(world_table, dict):
            world = self._made("world.", WorldTable, world_table)
        else:
            self.faults.append("world: missing; write [world] on a line of its own.")
        rounds = self._entries("round", least=1)
        talks = self._entries("debrief")
        scenario = self._kept(self._scenario, world, len(rounds)) if world else None
        seats = self._seats(scenario)
        questions = self._questions(scenario)
        if scenario is None:
            raise InputError("")
        self._stop_if_wrong()
        lesson = Lesson(
            name=self.name, text=self.text, head=head, world=world, rounds=rounds,
            questions=questions, talks=talks, seats=seats, scenario=scenario,
        )  # fmt: skip
        return replace(lesson, scenario=_started(lesson))

    def _rows(self, name: str) -> list[dict[str, Any]]:
        entries = self.table.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self.faults.append(f"{name}: not a list of tables; each entry begins with [[{name}]].")
            return []
        return entries

    def _entries(self, name: str, least: int = 0) -> tuple[Any, ...]:
        rows = self._rows(name)
        if len(rows) < least:
            self.faults.append(f"{name}: missing; a lesson needs at least one [[{name}]].")
        return tuple(
            self._made(f"{name} {number}, ", LISTS[name], row) for number, row in enumerate(rows, 1)
        )

    def _scenario(self, world: WorldTable, rounds: int) -> Scenario | None:
        """The world with the settings of the lesson, as far as they are well formed."""
        if world.scenario is None:
            return None
        found = load_beside(world.scenario, self.folder)
        values: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        if world.years_before is not None:
            weeks = YEAR * (world.years_before + rounds)
            if weeks > found.parameters.world.weeks:
                self._say(fault("world.years_before", world.years_before,
                                f"with {rounds} rounds that is {weeks} weeks",
                                f"{found.name} has {found.parameters.world.weeks}"))  # fmt: skip
            else:
                values["world.weeks"], reasons["world.weeks"] = weeks, "length of the lesson"
        for number, row in enumerate(self._rows("setting"), 1):
            where = f"setting {number}, "
            plain = {name: value for name, value in row.items() if name != "value"}
            entry = self._made(where, StartValue, plain)
            if entry.key is None:
                continue
            if "value" not in row:
                self.faults.append(f"{where}value: missing; {entry.key} needs one.")
            elif self._kept(found.with_, {entry.key: row["value"]}, self.folder) is not None:
                values[entry.key], reasons[entry.key] = row["value"], entry.reason
        made = self._kept(found.with_, values, self.folder) or found
        return replace(made, reasons={**made.reasons, **reasons})

    def _say(self, wrong: InputError) -> None:
        self.faults.append(str(wrong))

    def _seats(self, scenario: Scenario | None) -> dict[str, Seat]:
        seats: dict[str, Seat] = {}
        ids: list[str] = []
        goals: tuple[Goal, ...] = self._entries("goal", least=1)
        judged: set[int] = set()
        owners: list[tuple[str, str]] = []
        for number, entry in enumerate(self._entries("seat", least=1), 1):
            where = f"seat {number}, "
            self._check_seat(where, entry, ids, scenario)
            if scenario is None or entry.whose is None:
                continue
            codes = scenario.parameters.countries
            if entry.country not in codes and (entry.country or entry.whose == "agency"):
                continue
            levers, seen = self._levers(entry, scenario)
            judged |= seen
            owners += [(entry.id, key) for key in levers]
            made = self._seat(where, entry, goals, levers, scenario)
            if made is not None:
                seats[made.id] = made
        self._check_rest(goals, judged)
        _check_owners(owners, self._say)
        return seats

    def _check_seat(
        self, where: str, entry: SeatTable, ids: list[str], scenario: Scenario | None
    ) -> None:
        """What can be said of a seat before its levers and goals are known."""
        if entry.id is not None:
            if not entry.id.isidentifier() or entry.id != entry.id.lower() or len(entry.id) > 20:
                self._say(fault(f"{where}id", entry.id, "not a short name in small letters"))
            if entry.id in ids:
                self._say(fault(f"{where}id", entry.id, "there is such a seat already"))
            ids.append(entry.id)
        if scenario is None:
            return
        codes = scenario.parameters.countries
        if entry.country not in codes and (entry.whose == "agency" or entry.country):
            self._say(fault(f"{where}country", entry.country, "no country of the world",
                            f"it is one of {', '.join(codes)}",
                            nearest(entry.country, codes)))  # fmt: skip

    def _seat(
        self, where: str, entry: SeatTable, goals: tuple[Goal, ...], levers: dict[str, Lever],
        scenario: Scenario,
    ) -> Seat | None:  # fmt: skip
        """The seat; None if something in the lesson is wrong so far."""
        mine = tuple(
            goal.model_copy(update={"indicator": goal.indicator.replace("*", entry.country)})
            for goal in goals if goal.whose == entry.whose and goal.indicator is not None
        )  # fmt: skip
        for goal in mine:
            self._kept(_check_yearly, f"{where}goal, ", goal.indicator, scenario)
        for_all = (*(row.get("for") for row in self._rows("lever")), *(one.whose for one in goals))
        if all(one in ("agency", "igo") for one in for_all) and not (
            any(one.whose == entry.whose for one in goals)
            and any(row.get("for") == entry.whose for row in self._rows("lever"))
        ):
            self.faults.append(f"{where}{entry.id}: it has no lever or no goal; "
                               f'state one with for = "{entry.whose}".')  # fmt: skip
        if self.faults:
            return None
        made = Seat(
            entry.id, entry.whose, entry.country, entry.title, entry.briefing, entry.secret,
            entry.budget_musd, levers, mine,
        )  # fmt: skip
        self._kept(made.checked, made.start)
        return made

    def _levers(self, seat: SeatTable, scenario: Scenario) -> tuple[dict[str, Lever], set[int]]:
        """Levers of a seat that are whole, and the numbers of all that were judged."""
        levers: dict[str, Lever] = {}
        judged: set[int] = set()
        for number, row in enumerate(self._rows("lever"), 1):
            where = f"lever {number}, "
            entry = self._lever_table(where, row)
            if entry.key is not None and entry.whose == seat.whose:
                judged.add(number)
                lever = self._kept(_lever, where, entry, row, seat, scenario, self._say)
                if lever is not None:
                    levers[lever.key] = lever
        return levers, judged

    def _lever_table(self, where: str, row: Mapping[str, Any]) -> LeverTable:
        plain = {name: value for name, value in row.items() if name not in VALUES}
        return self._made(where, LeverTable, plain)

    def _check_rest(self, goals: tuple[Goal, ...], judged: set[int]) -> None:
        """Keys of levers and names of indicators that no seat stands for, as far as they go."""
        for number, row in enumerate(self._rows("lever"), 1):
            entry = self._lever_table(f"lever {number}, ", row)
            if entry.key is not None and number not in judged:
                self._kept(_lever_key, f"lever {number}, ", entry.key, ANY)
        for goal in goals:
            if goal.indicator is not None:
                self._kept(indicator_of, goal.indicator.replace("*", ANY))

    def _questions(self, scenario: Scenario | None) -> tuple[Question, ...]:
        questions: tuple[Question, ...] = self._entries("prediction", least=1)
        for number, question in enumerate(questions, 1):
            where = f"prediction {number}, "
            if question.indicator is not None and scenario is not None:
                self._kept(_check_yearly, where, question.indicator, scenario)
            elif question.indicator is not None:
                self._kept(indicator_of, question.indicator)
            if question.form is not None and (question.form == "chance") == (
                question.event is None
            ):
                self.faults.append(f"{where}event: a chance needs one, a figure has none; "
                                   "allowed is higher or lower.")  # fmt: skip
            if question.id in [other.id for other in questions[: number - 1] if other.id]:
                self._say(fault(f"{where}id", question.id, "there is such a prediction already"))
        return questions


def _check_owners(owners: list[tuple[str, str]], say: Callable[[InputError], None]) -> None:
    """Whether each lever has one owner."""
    taken: dict[str, str] = {}
    for seat, key in owners:
        if key in taken:
            say(InputError(f"seat {seat}: {key} is a lever of {taken[key]} already; a lever has "
                           "one owner."))  # fmt: skip
        taken.setdefault(key, seat)


def _lever_key(where: str, said: str, country: str) -> Key:
    """The key of a lever of a seat; raises InputError if it is none."""
    key = parse_key(said.replace("*", country))
    if key.kind != "lever":
        raise fault(f"{where}key", said, "no policy can move it", "a seat has levers only")
    return key


def _lever(
    where: str, entry: LeverTable, row: Mapping[str, Any], seat: SeatTable, scenario: Scenario,
    say: Callable[[InputError], None],
) -> Lever:  # fmt: skip
    """One lever of a seat.

    Raises the last of its faults as an InputError; those before it are said.
    """
    if "*" in entry.key and not seat.country:
        raise fault(f"{where}key", entry.key, "the IGO has no country to put for *")
    key = _lever_key(where, entry.key, seat.country)
    form, whole, words = form_of(key.field.annotation)
    low, high, step = 0.0, 0.0, 0.0
    if form == "number":
        low, high = span_of(key, where, entry.low, entry.high)
        step = entry.step or (max(1.0, round((high - low) / 20)) if whole else (high - low) / 20)
    unit = str(declared(key.field).get("unit", ""))
    cost = entry.cost_musd
    if entry.cost_of is not None and (cost is not None or not seat.country):
        say(fault(f"{where}cost_of", entry.cost_of, "an agency's lever has this or cost_musd"))
    elif entry.cost_of is not None:
        profile = scenario.parameters.countries[seat.country]
        cost = profile.officers * profile.officer_usd_per_year / 1e6
    if cost is None:
        cost = 1.0 if form == "number" and unit == "million USD a year" else 0.0
    start = row.get("start", look_up(scenario.parameters, key))
    if start is None:
        raise InputError(f"{where}start: missing; {key.dotted} has no value in {scenario.name}.")
    options = tuple(word for word in entry.options or words if word != seat.country)
    countries = scenario.parameters.countries
    names = {word: countries[word].name if word in countries else word for word in options}
    lever = Lever(
        key=key.dotted, label=entry.label, short=entry.short or entry.label, help=entry.help,
        unit=unit, form=form, whole=whole,
        low=low, high=high, step=step, start=0, cooperative=None, computer=0, cost=cost,
        options=options, names=names,
    )  # fmt: skip
    cooperative = row.get("cooperative")
    if cooperative is not None and cost > 0:
        say(InputError(f"{where}cooperative: a lever of cooperation has no price, or the "
                       "counterfactual could pass the budget."))  # fmt: skip
    computer = row.get("computer", start)
    mirrored = computer == "mirror" and form == "number"
    values: dict[str, Value | None] = {"cooperative": None, "computer": "mirror"}
    wanted = {"start": start} | ({} if cooperative is None else {"cooperative": cooperative})
    last: InputError | None = None
    for name, value in (wanted | ({} if mirrored else {"computer": computer})).items():
        try:
            values[name] = lever.checked(value)
        except InputError as wrong:
            if last is not None:
                say(last)
            last = wrong
    if last is not None:
        raise last
    return replace(lever, **values)


def _check_yearly(where: str, name: str, scenario: Scenario) -> None:
    """Whether an indicator has a figure for each year and stands for something in this world."""
    indicator = indicator_of(name)
    _, _, inside = name.rstrip("]").partition("[")
    codes, goods = scenario.parameters.countries, scenario.parameters.commodities
    persons = tuple(kind for kind, good in goods.items() if good.unit == "persons")
    allowed = {"country": codes, "commodity": goods, "persons": persons, "": ()}[indicator.per]
    if inside not in allowed and not (inside == "" and indicator.per in ("", "commodity")):
        raise fault(f"{where}indicator", name, "it stands for nothing in this world",
                    f"in brackets is one of {', '.join(allowed)}" if allowed else "")  # fmt: skip
    if indicator.ending == "once" and indicator.name != "interception_rate":
        raise fault(f"{where}indicator", name, "it has no figure for a single year",
                    "allowed is an amount, a mean, a last value or interception_rate")  # fmt: skip


def _started(lesson: Lesson) -> Scenario:
    """The scenario with the start values of all levers in force from week 1."""
    values = {key: value for seat in lesson.seats.values() for key, value in seat.start.items()}
    moved = {key: v for key, v in values.items() if lesson.scenario.value(key) != v}
    if not moved:
        return lesson.scenario
    started = lesson.scenario.with_(moved)
    return replace(started, reasons={**started.reasons, **dict.fromkeys(moved, BEGINS)})
