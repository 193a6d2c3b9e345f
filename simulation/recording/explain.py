"""Why did this happen? The causal trail of an event, in sentences.

Every event names its cause, so a seizure leads to the watch, the watch to the release, the
release to the tip, the tip to an earlier seizure by somebody else. The trail says who knew what,
when it was sent, how long it waited, who acted, and what the network had done by then.
"""

from bisect import bisect
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.modes import station
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.recording.events import meaning
from tocsin.simulation.recording.quantities import Quantity, plain

YEAR = 52
LOOKED_AFTER = ("seizure", "missed", "delivery", "watch", "arrest", "release")

ARTICLES = ("Dominican Republic", "Netherlands", "Russian Federation", "United Kingdom",
            "United States")  # fmt: skip


class Trails:
    """The events of a log by their names, to explain one or many.

    Parameters
    ----------
    events
        A whole event log.
    parameters
        Of the scenario, for the names of countries and the units of amounts.
    """

    def __init__(self, events: pd.DataFrame, parameters: Parameters | None = None) -> None:
        self._rows: dict[str, dict[str, Any]] = {
            str(row["event_id"]): row for row in events.to_dict(orient="records")
        }
        self._words = _Words(parameters)

    def explain(self, event_id: str) -> list[str]:
        """The trail of an event from its first cause, one sentence a step.

        Raises
        ------
        InputError
            There is no such event in the log.
        """
        rows, words = self._rows, self._words
        if event_id not in rows:
            raise InputError(f"event {event_id!r}: {_no_event(event_id, rows)}.")
        trail = [rows[event_id]]
        while (cause := str(trail[-1]["cause_id"])) in rows and rows[cause] not in trail:
            trail.append(rows[cause])
        trail.reverse()
        sentences = [
            words.told(row, before) for before, row in zip([None, *trail[:-1]], trail, strict=True)
        ]
        return sentences + _meanwhile(rows, trail, words)


def in_a_sentence(country: str) -> str:
    """The name of a country, with its article if it has one."""
    return f"the {country}" if country in ARTICLES else country


def _no_event(name: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Why there is no such event, and what there is; a network is known by its events."""
    own = [event for event, row in rows.items() if row["network"] == name]
    if own:
        return (f"that is a network, and events are explained; its log of {len(own)} events begins "
                f"with {own[0]!r} and ends with {own[-1]!r}")  # fmt: skip
    return f"the log has no such event{_alike(name, rows)}"


def _alike(event_id: str, rows: Mapping[str, Any]) -> str:
    """The id that begins most like the one asked for, to be named in a fault."""
    known = sorted(rows)
    at = bisect(known, event_id)
    near = known[max(0, at - 1) : at + 1]
    best = max(near, key=lambda name: _shared(name, event_id), default="")
    return f" (nearest: {best!r})" if best and _shared(best, event_id) else ""


def _shared(one: str, other: str) -> int:
    """Number of characters with which both begin."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
                min(len(one), len(other)))  # fmt: skip


class _Words:
    """Names and amounts as people read them."""

    def __init__(self, parameters: Parameters | None) -> None:
        self._countries = (
            {} if parameters is None
            else {code: profile.name for code, profile in parameters.countries.items()}
        )  # fmt: skip
        self._agencies = {} if parameters is None else parameters.agencies
        self._goods = {} if parameters is None else parameters.commodities

    def country(self, code: str) -> str:
        return in_a_sentence(self._countries.get(code, code))

    def agency(self, row: Mapping[str, Any]) -> str:
        """Who acted: an agency beside the national one by its own name, else the country."""
        own = self._agencies.get(str(row["actor"]))
        return own.name if own else self.country(str(row["country"]))

    def where(self, sector: str) -> str:
        """At a border sector, or in what a trade without a map passes in a country."""
        return station(sector, self.country) or f"at {sector}"

    def amount(self, row: Mapping[str, Any]) -> str:
        """A load with its unit; without parameters, which give the unit, only what it is."""
        name = str(row["commodity"])
        good = self._goods.get(name)
        if good is None:
            return f"a load of {name.replace('_', ' ')}"
        amount = round(float(row["amount"]))
        if good.unit == "persons":
            return f"a group of {plain(amount)}"
        return f"{Quantity.goods(good, amount).level(amount)} of {name.replace('_', ' ')}"

    @staticmethod
    def other(kind: str, who: str, network: str) -> str:
        """An event of a mechanism from outside, in that one's words."""
        about = f" ({network})" if network else ""
        return f"{who}: {meaning(kind)}{about}"

    def told(self, row: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
        """One event as a sentence; `before` is its cause."""
        kind, week = str(row["kind"]), int(row["week"])
        at, network, where = row["sector"], row["network"], self.where(str(row["sector"]))
        who = self.agency(row)
        waited = 0 if before is None else week - int(before["week"])
        weeks = f"{waited} week{'s' if waited != 1 else ''}"
        number = row["amount"]
        count = 0 if number != number else int(number)
        how = " on an ordinary patrol" if before is None else ", where it was watching for it"
        text = {
            "seizure": f"{who} seized {self.amount(row)} from {network} {where}{how}"
            if kind == "seizure" else "",
            "tip": f"the seizure revealed to {who} a route of {network}",
            "prediction": f"from this the hub's analysts predicted a way of {network}",
            "public tip": f"somebody told {who} of {network} {where}",
            "release": f"the hub released to partners what {who} knew of {network}, after {weeks}",
            "watch": f"{who} began to watch for {network} {where}"
            + (f", {weeks} after it could have known" if waited > 1 else ""),
            "deployment": f"a rapid response unit was ordered to look for {network} {where}",
            "operation": f"{who} acted against {network} on its case file",
            "joint operation": f"{count} parties of a task force, led by {who}, acted against "
            f"{network}",
            "arrest": f"{count} members{f' of {network}' if network else ''} were arrested",
            "dismantled": f"the operation ended {network}",
            "split": f"{network} had lost its leaders and split; {count} members left",
            "founded": f"{network} took the vacant place",
            "failed": f"{network} ran out of money",
            "modus": f"{network} changed its modus operandi",
            "leak": f"somebody in {who} sold the item, and {network} was warned",
            "leak noticed": f"{self.country(str(row['actor']))} found out that the leak was in "
            f"{who}, and trusted it less",
            "task force": f"the coordinator formed a task force of {count} members on {network}",
            "ratified": f"{who} ratified the common instrument",
            "report": f"the coordinator closed the books of the year and moved {_musd(number)} a "
            "year" if number == number and number > 0
            else "the coordinator closed the books of the year",
            "wreck": f"a boat of {network} was in distress {where}; {count} died",
            "delivery": f"{self.amount(row)} of {network} reached its market "
            + (station(str(at), self.country) or f"by way of {at}")
            if kind == "delivery" else "",
            "missed": f"watching for {network} {where} led to nothing in time: "
            + (f"{count} of its shipments came by unseen" if count else
               "none of its shipments came by"),
            "policy": "the scenario set levers to new values",
            "treatment": f"the scenario's {row['actor']} began, acted or ended",
        }.get(kind, self.other(kind, who or str(row["actor"]), str(network)))  # fmt: skip
        return f"Week {week}: {text}."


def _musd(millions: float) -> str:
    dollars = 1e6 * float(millions)
    return Quantity.money(dollars).level(dollars)


def _meanwhile(
    rows: Mapping[str, Mapping[str, Any]], trail: Sequence[Mapping[str, Any]], words: _Words
) -> list[str]:
    """What the network had done between the last tip and the event, and who knew of it."""
    last = trail[-1]
    network, week = str(last["network"]), int(last["week"])
    if not network or str(last["kind"]) not in LOOKED_AFTER:
        return []
    own = [row for row in rows.values() if row["network"] == network and row["week"] <= week]
    told = [row for row in trail[:-1] if row["kind"] in ("tip", "public tip", "prediction")]
    seen = int((told or trail)[-1 if told else 0]["week"])
    sentences: list[str] = []
    changes = [row["week"] for row in own if row["kind"] == "modus" and row["week"] >= seen]
    if seen < week:
        if changes:
            at = " and ".join(f"in week {change}" for change in changes[:3])
            sentences.append(
                f"By then {network} had changed its modus operandi {at}, so what was known from "
                f"week {seen} fitted it badly."
            )
        else:
            sentences.append(f"By then {network} still worked as it had in week {seen}.")
    if str(last["kind"]) in ("delivery", "missed"):
        out = {row["cause_id"] for row in own if row["kind"] == "release"}
        young = [row for row in own if row["kind"] == "tip" and row["week"] > week - YEAR]
        waiting = [tip for tip in young if tip["event_id"] not in out]
        if waiting:
            known = ", ".join(sorted({words.country(str(tip["country"])) for tip in waiting}))
            sentences.append(
                f"{len(waiting)} item{'s' if len(waiting) != 1 else ''} of the last year on "
                f"{network} had not been released to partners by then; known to {known} alone."
            )
        elif not young:
            sentences.append(f"Nobody had had a tip on {network} in the last year.")
    return sentences
