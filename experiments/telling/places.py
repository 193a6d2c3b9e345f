"""Places: who gains and who pays, country by country and sector by sector, as a report shows it."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from tocsin.experiments.comparing.costs import TOTAL
from tocsin.experiments.comparing.displacement import FLOW, OFFICERS, THROUGH, by_country, by_sector
from tocsin.experiments.comparing.families import SET
from tocsin.experiments.telling.drawing import LETTERS
from tocsin.experiments.telling.findings import Findings
from tocsin.experiments.telling.illustrations import number_of
from tocsin.simulation.recording.quantities import Quantity
from tocsin.simulation.scenario.files import Scenario

OPEN_SECTORS = 10  # as many stand in the open; the rest can be unfolded
MARKS = {
    "clearly more": "▲", "clearly less": "▼", "likely more": "△", "likely less": "▽",
    "more": "▲", "less": "▼", "either way": "≈", "not settled": "≈", "the same": "=",
    SET: "", "undefined": "",
}  # fmt: skip
TONES = {"clearly more": "bad", "clearly less": "good"}

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Cell:
    """What one scenario changes at one place."""

    letter: str
    mark: str
    words: str
    interval: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class PlaceFlow:
    """A country or a border sector: its flow in the base, a cell a scenario, and its officers."""

    name: str
    code: str
    base: str
    cells: tuple[Cell, ...]
    officers: str


def countries(findings: Findings) -> list[PlaceFlow]:
    """Delivered flow that came through every country, and what its officers cost."""
    base = findings.comparison.base
    rows = _by_place(by_country(findings.comparison).to_dict("records"))
    return [
        _place(findings, rows.get(code, []), THROUGH, base.parameters.countries[code].name, code)
        for code in base.grid.codes
    ]


def elsewhere(findings: Findings) -> list[str]:
    """Sentences on scenarios of which no country, or no border sector, can be held against one."""
    comparison, said = findings.comparison, []
    codes = set(comparison.base.grid.codes)
    for number, scenario in enumerate(comparison.others):
        name = f"{LETTERS[number % 26]}, {scenario.title}"
        if not codes.intersection(scenario.grid.codes):
            said.append(f"{name}: no country is on its map and on that of the base, so neither "
                        "countries nor border sectors are compared.")  # fmt: skip
        elif scenario.grid.digest != comparison.base.grid.digest:
            said.append(f"{name}: its map is another one, so its border sectors are not compared.")
    return said


def sectors(findings: Findings) -> list[PlaceFlow]:
    """Flow at every border sector and what its officers cost, the largest change first."""
    rows = _by_place(by_sector(findings.comparison).to_dict("records"))

    def change(place: str) -> float:
        of = (abs(row["difference"]) for row in rows[place] if row["measure"] == FLOW)
        return max((one for one in of if isfinite(one)), default=0.0)

    base = findings.comparison.base
    return [
        _place(findings, rows[place], FLOW, _sector(base, place), place)
        for place in sorted(rows, key=lambda place: (-change(place), place))
    ]


def _by_place(rows: Rows) -> dict[str, Rows]:
    places: dict[str, Rows] = {}
    for row in rows:
        places.setdefault(row["place"], []).append(row)
    return places


def _sector(base: Scenario, place: str) -> str:
    """Whose sector it is, at which border, and its number there."""
    border, _, number = place.partition(":")
    known = base.parameters.countries
    sides = [known[side].name if side in known else side for side in border.split("-")]
    return f"{' / '.join(sides)} {number}".strip()


def _place(findings: Findings, rows: Rows, measure: str, name: str, code: str) -> PlaceFlow:
    comparison = findings.comparison
    flows = {row["scenario"]: row for row in rows if row["measure"] == measure}
    pay = [row for row in rows if row["measure"] == OFFICERS]
    size = max((abs(row["base"]) for row in flows.values()), default=0.0)
    quantity = Quantity.amount(measure, comparison.base, size)
    cells = tuple(
        _cell(LETTERS[number % 26], flows.get(scenario.name), quantity)
        for number, scenario in enumerate(comparison.others)
    )
    dollars = Quantity.of(TOTAL, comparison.base, max((abs(row["base"]) for row in pay), default=0))
    changes = [
        f"{LETTERS[number_of(findings, row['scenario']) % 26]}\N{NO-BREAK SPACE}"
        f"{dollars.difference(row['difference']).removesuffix(f' {dollars.change}')}"
        for row in pay
        if row["difference"] and isfinite(row["difference"])
    ]
    officers = "; ".join([dollars.level(pay[0]["base"]), *changes]) if pay else ""
    base = next((quantity.level(row["base"]) for row in flows.values()), "")
    return PlaceFlow(name, code, base, cells, officers)


def _cell(letter: str, row: dict[str, Any] | None, quantity: Quantity) -> Cell:
    if row is None:
        return Cell(letter, "", "not on its map", "", "not on its map", "plain")
    verdict = str(row["verdict"])
    return Cell(
        letter, MARKS[verdict], quantity.difference(row["difference"]),
        "" if verdict in ("the same", SET) else quantity.interval(row["low"], row["high"]), verdict,
        TONES.get(verdict, "plain"),
    )  # fmt: skip
