"""The debrief and the report in words and markup; every name in it is escaped."""

import math
from functools import partial
from typing import Any

from markupsafe import Markup

from dashboard import palette
from dashboard.classroom.debrief import Debrief, headline_of, score
from dashboard.classroom.lesson import Seat
from dashboard.classroom.pieces import rendered, web
from dashboard.classroom.room import Room
from dashboard.classroom.words import lever_value, percent, points, shown, signed

BY = {
    "team": "handed in", "clock": "the clock ran out: as the levers stood",
    "computer": "the computer's policy", "nobody": "nothing moved: as the year before",
}  # fmt: skip


def marks_markup(room: Room, seat: str, year: int) -> str:
    """How a seat did in a year: goals, predictions, news."""
    lesson = room.session.lesson
    agency = lesson.seats[seat].kind == "agency"
    return rendered(
        "marks.html", year=year, marks=room.marks(seat, year),
        guesses=[guess for guess in room.guesses(seat) if guess.year == year],
        knowledge=room.knowledge(seat, year) if agency else None, points=points,
        shown=partial(shown, lesson.scenario),
    )  # fmt: skip


def table_markup(room: Room, years: int) -> str:
    """Points of all seats, year by year."""
    rows: list[dict[str, Any]] = []
    for id, seat in room.session.lesson.seats.items():
        by_year = [score(room.marks(id, year)) for year in range(1, years + 1)]
        known = [value for value in by_year if math.isfinite(value)]
        mean = sum(known) / len(known) if known else float("nan")
        team = room.session.state.teams.get(id, "computer")
        rows.append({"title": seat.title, "team": team, "points": by_year, "mean": mean})
    return rendered("table.html", rows=rows, years=range(1, years + 1), points=points)


def brief_markup(seat: Seat) -> str:
    """What a team knows about itself."""
    return rendered("brief.html", seat=seat)


def debrief_markup(room: Room, d: Debrief) -> str:
    """All of the debrief."""
    lesson, teams = d.lesson, d.state.teams
    years = len(next(iter(d.marks.values())))

    def named(id: str) -> dict[str, Any]:
        return {"title": lesson.seats[id].title, "team": teams.get(id, "")}

    rider = None
    if d.rider:
        other = d.one_cooperates[d.rider]
        rider = {
            **named(d.rider),
            "shared": other.shared - d.as_played.shared,
            "felt": [
                {"title": seat.title, "label": seat.goals[0].label,
                 "indicator": seat.goals[0].indicator,
                 "difference": other.own[id] - d.as_played.own[id]}
                for id, seat in lesson.seats.items() if seat.kind == "agency"
            ],
        }  # fmt: skip
    openness = sorted(d.openness.items(), key=lambda pair: -pair[1])
    return rendered(
        "debrief.html", d=d, years=years, headline=headline_of(lesson), rider=rider,
        table=Markup(table_markup(room, years)), talks=lesson.talks, percent=percent,
        shown=partial(shown, lesson.scenario), signed=partial(signed, lesson.scenario),
        open=[{**named(id), "share": share, "rider": id == d.rider} for id, share in openness],
        knowledge=[
            {**named(id), "received": k.received,
             "age": "–" if k.median_age is None else f"{k.median_age:.0f} weeks",
             "late": "–" if k.share_late is None else f"{k.late} ({100 * k.share_late:.0f} %)"}
            for id, k in d.knowledge.items()
        ],
        predicted=[
            {**named(id), "error": _or_dash(d.relative_error(id), 100, " %"),
             "brier": _or_dash(d.brier(id), 1, "")}
            for id in lesson.seats if d.guesses[id]
        ],
    )  # fmt: skip


def _or_dash(value: float | None, factor: float, tail: str) -> str:
    if value is None:
        return "–"
    return f"{factor * value:.0f}{tail}" if tail else f"{value:.2f}"


def report(room: Room, d: Debrief) -> str:
    """A session as one HTML file that needs nothing else."""
    lesson, state = d.lesson, d.state
    history = [
        {"number": number, "rows": [
            {"title": seat.title, "by": BY[year[id].by],
             "decision": "; ".join(f"{lever.short}: {lever_value(lever, year[id].values[key])}"
                                   for key, lever in seat.levers.items())}
            for id, seat in lesson.seats.items()]}
        for number, year in enumerate(state.years[: len(state.fingerprints)], 1)
    ]  # fmt: skip
    played, planned = room.world.model.week, lesson.scenario.parameters.world.weeks
    return rendered(
        "report.html", lesson=lesson, years=len(history),
        teams=", ".join(state.teams.values()) or "the computer alone",
        variables=Markup(palette.style_variables()), style=Markup(web("class.css")),
        debrief=Markup(debrief_markup(room, d)), history=history,
        weeks=f" --weeks {played}" if played < planned else "",
        fingerprint=state.fingerprints[-1], scenario=room.scenario_file(),
    )  # fmt: skip
