"""The policy phase: what a scenario's schedule does to a running model.

A change replaces levers. A shock acts once on members or on goods under way. A treatment is held
from its first week to its last: patrols at given sectors, corruption, a closed market, or no
enforcement at all. None of them touches an outcome.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.grid import SEA
from simulation.overrides import replaced
from simulation.randomness import key_of
from simulation.schedule import (
    Arrest,
    CloseMarket,
    Corruption,
    EnforcementOff,
    Place,
    Schedule,
    SeizeStock,
    TakeOverMarket,
    Treatment,
)
from simulation.state import Told
from simulation.virtual import spoil_trust

if TYPE_CHECKING:
    from simulation.model import BorderModel


class Policy(Told):
    """The schedule of a run, by week."""

    told = frozenset({"_model"})

    def __init__(self, model: "BorderModel") -> None:
        self._model = model
        self._schedule = model.scenario.schedule
        self._held: dict[int, NDArray[np.int64]] = {}
        self.enforcement_off = False
        self.taken_over = np.zeros(len(model.trade.markets), dtype=bool)

    def follow(self, schedule: Schedule) -> None:
        """Go on by another schedule, which is the same up to the present week."""
        self._schedule = schedule

    def act(self) -> None:
        """Begin, hold and end what is due this week."""
        model, week = self._model, self._model.week
        for number, change in enumerate(self._schedule.changes):
            if change.week == week:
                model.take_over(replaced(model.parameters, change.set))
                model.log.record(f"policy-{week}-{number}", week, "policy", "IGO")
        for number, treatment in enumerate(self._schedule.treatments):
            if week in (treatment.from_week, treatment.to_week + 1):
                begins = week == treatment.from_week
                state = "begin" if begins else "end"
                model.log.record(f"treatment-{state}-{number}", week, "treatment", treatment.kind)
                self._turn(number, treatment, begins)
        for number, shock in enumerate(self._schedule.shocks):
            if shock.week == week:
                event = f"shock-{week}-{number}"
                model.log.record(event, week, "treatment", shock.kind)
                if isinstance(shock, Arrest):
                    self._arrest(shock, event)
                else:
                    self._seize(shock)

    def _turn(
        self,
        number: int,
        treatment: Treatment,
        begins: bool,
    ) -> None:
        model = self._model
        if isinstance(treatment, EnforcementOff):
            self.enforcement_off = begins
        elif isinstance(treatment, CloseMarket):
            for market in self._markets(treatment.market):
                model.markets.open[market] = not begins
            model.portfolios.open = model.markets.open[model.trade.lanes.market]
        elif isinstance(treatment, TakeOverMarket):
            for market in self._markets(treatment.market):
                self.taken_over[market] = begins
                if not begins:
                    spoil_trust(model, market)
        elif isinstance(treatment, Corruption):
            at = self.sectors_at(treatment.place)
            model.integrity.hold(at, treatment.value if begins else np.nan)
            model.take_bribes(model.integrity.by_sector)
        elif begins:
            at = self.sectors_at(treatment.place)
            model.patrols.held[at] = treatment.factor * model.patrols.usual_effort()[at]
            self._held[number] = at
        else:
            model.patrols.held[self._held.pop(number)] = np.nan

    def _markets(self, name: str) -> list[int]:
        """Numbers of the markets of one name."""
        return [n for n, (_, market) in enumerate(self._model.trade.markets) if market == name]

    def sectors_at(self, place: Place) -> NDArray[np.int64]:
        """Sector numbers of a place; the busiest are those of the last 52 weeks."""
        model = self._model
        sectors = model.sectors
        if place.kind == "sector":
            return np.array([sectors.ids.index(place.name)])
        if place.kind == "country":
            return np.flatnonzero(sectors.country == model.codes.index(place.name))
        if place.kind == "coast":
            owned = sectors.country == model.codes.index(place.name)
            return np.flatnonzero(owned & (sectors.neighbour == SEA))
        if place.kind == "pair":
            first, second = (model.codes.index(code) for code in place.name.split("-"))
            ends = np.sort(np.column_stack([sectors.country, sectors.neighbour]), axis=1)
            return np.flatnonzero((ends == sorted((first, second))).all(axis=1))
        if place.kind == "busiest":
            flow = model.record.recent_flow()
            return np.sort(np.argsort(-flow, kind="stable")[: int(place.amount)])
        drawn = model.streams.uniform("share of sectors", model.patrols.keys)
        count = max(1, round(place.amount * drawn.size))
        return np.sort(np.argsort(drawn, kind="stable")[:count])

    def _arrest(self, shock: Arrest, event: str) -> None:
        model = self._model
        for network, name in enumerate(model.trade.ids):
            if not model.networks.active[network] or (
                shock.networks and name not in shock.networks
            ):
                continue
            share = shock.share
            if share is None:
                at_large = int(model.members.filled[network].sum())
                share = min(1.0, (shock.number or 0) / max(1, at_large))
            hit = model.trafficking_networks[network]
            hit.go_on(hit.lose(share, shock.targeting, shock.role, event, shock.kind, country=""))

    def _seize(self, shock: SeizeStock) -> None:
        model = self._model
        under_way = model.shipments
        meant = np.ones(len(model.trade.ids), dtype=bool)
        if shock.networks:
            meant = np.isin(np.array(model.trade.ids), shock.networks)
        keys = under_way.key[: under_way.count]
        network = model.trade.lanes.network[under_way.lane[: under_way.count]]
        drawn = model.streams.uniform(
            "seize_stock", keys ^ np.uint64(key_of(shock.kind)), model.week
        )
        model.confiscate((drawn < shock.share) & meant[network])


__all__ = ["Policy"]
