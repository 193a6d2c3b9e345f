"""The debrief and the report in words and markup; every name in it is escaped."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from markupsafe import Markup
from tocsin.classroom.debrief import Alternative, Debrief, headline_of
from tocsin.classroom.lesson import Seat
from tocsin.classroom.points import places, together
from tocsin.classroom.room import Room
from tocsin.dashboard.classroom.pieces import rendered, web
from tocsin.dashboard.classroom.words import (
    between,
    kind_of,
    lever_value,
    mean_of,
    relative_change,
)
from tocsin.dashboard.parts import palette
from tocsin.experiments.comparing.statistics import Paired, paired
from tocsin.simulation.recording.quantities import Quantity, fixed, percent

BY = {
    "team": "handed in", "clock": "the clock ran out: as the levers stood",
    "computer": "the computer's policy", "nobody": "nothing moved: as the year before",
}  # fmt: skip


def marks_markup(room: Room, seat: str, year: int) -> str:
    """How a seat did in a year: goals, points, predictions, news."""
    lesson = room.session.lesson
    role = lesson.seats[seat]
    by_seat = room.points.get(year)
    marks = by_seat[seat].marks if by_seat else [None] * len(role.goals)
    return rendered(
        "marks.html", year=year, lucks=lesson.world.lucks, done=by_seat is not None,
        rows=[
            {"label": goal.label, "indicator": goal.indicator, "mark": mark,
             "seen": room.world.figure(goal.indicator, year)}
            for goal, mark in zip(role.goals, marks, strict=True)
        ],
        total=by_seat[seat].points if by_seat else None,
        guesses=[guess for guess in room.guesses(seat) if guess.year == year],
        knowledge=room.knowledge(seat, year) if role.kind == "agency" else None,
        of=partial(Quantity.of, world=lesson.scenario), mean_of=mean_of, between=between,
        kind=kind_of,
    )  # fmt: skip


def table_markup(room: Room, years: int) -> str:
    """Points of all seats, year by year, and the places of the teams."""
    lesson, teams = room.session.lesson, room.session.state.teams
    known = [year for year in range(1, years + 1) if year in room.points]
    totals = {
        id: together([room.points[year][id].points for year in known]) if known else None
        for id in lesson.seats
    }
    placed = places({id: gain for id in teams if (gain := totals[id])})
    rows = [
        {"title": seat.title, "team": teams.get(id, "computer"), "total": totals[id],
         "place": _place(placed.get(id)) if len(known) == years else "…",
         "points": [room.points[year][id].points if year in known else None
                    for year in range(1, years + 1)]}
        for id, seat in lesson.seats.items()
    ]  # fmt: skip
    return rendered(
        "table.html", rows=rows, years=range(1, years + 1), lucks=lesson.world.lucks,
        waiting=[year for year in range(1, years + 1) if year not in known],
        ranked=len(teams) > 1, mean_of=mean_of, between=between, kind=kind_of,
    )  # fmt: skip


def _place(place: tuple[int, int] | None) -> str:
    if place is None:
        return "–"
    return str(place[0]) if place[0] == place[1] else f"{place[0]} to {place[1]}"


def brief_markup(seat: Seat) -> str:
    """What a team knows about itself."""
    return rendered("brief.html", seat=seat)


def debrief_markup(room: Room, d: Debrief) -> str:
    """All of the debrief."""
    lesson, teams = d.lesson, d.state.teams
    years = len(d.points)

    def named(id: str) -> dict[str, Any]:
        return {"title": lesson.seats[id].title, "team": teams.get(id, "")}

    def gap(other: Alternative, id: str = "") -> Paired:
        """How another way to decide differs from what was decided, over the lucks."""
        if id:
            return paired(d.as_played.own[id], other.own[id])
        return paired(d.as_played.shared, other.shared)

    rider = None
    if d.rider and d.rider_cooperates is not None:
        other = d.rider_cooperates
        rider = {
            **named(d.rider),
            "shared": gap(other),
            "felt": [
                {"title": seat.title, "label": seat.goals[0].label,
                 "indicator": seat.goals[0].indicator, "gap": gap(other, id)}
                for id, seat in lesson.seats.items() if seat.kind == "agency"
            ],
        }  # fmt: skip
    openness = sorted(d.openness.items(), key=lambda pair: -pair[1])
    return rendered(
        "debrief.html", d=d, years=years, headline=headline_of(lesson), rider=rider,
        lucks=lesson.world.lucks, mean=_mean, all_gap=gap(d.all_cooperate),
        table=Markup(table_markup(room, years)), talks=lesson.talks, relative=relative_change,
        of=partial(Quantity.of, world=lesson.scenario),
        open=[{**named(id), "share": share, "rider": id == d.rider} for id, share in openness],
        knowledge=[
            {**named(id), "received": k.received,
             "age": "–" if k.median_age is None else f"{fixed(k.median_age, 0)} weeks",
             "late": "–" if k.share_late is None else f"{k.late} ({percent(k.share_late)})"}
            for id, k in d.knowledge.items()
        ],
        predicted=[
            {**named(id), "error": _or_dash(d.relative_error(id), percent),
             "brier": _or_dash(d.brier(id), fixed)}
            for id in lesson.seats if d.guesses[id]
        ],
    )  # fmt: skip


def _mean(values: tuple[float, ...]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else math.nan


def _or_dash(value: float | None, written: Callable[[float], str]) -> str:
    return "–" if value is None else written(value)


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
