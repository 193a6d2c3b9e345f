"""Sanity of behaviour over twenty years: no lockstep, no oscillation, no crowd, no collapse."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.model import BorderModel

LAGS = 53  # lags 0 to 52 weeks
STEP = 4  # weeks over which changes of shares are taken, the usual time between two reviews
SHOWN = 6  # busiest sectors that a picture shows
YEAR = 52


@dataclass(frozen=True)
class Behaviour:
    """What a long run of W weeks looks like.

    Attributes
    ----------
    lockstep
        Square of the mean change over networks by the mean square, of the shares of networks'
        flow by sector: 1 over the number of networks if they move by themselves, 1 if as one.
    flow_echo, patrol_echo
        float64[53], mean autocorrelation of the shares of flow and of patrol effort of the
        busiest sectors, the running mean of two years taken off; lags 0 to 52 weeks.
    largest_route
        float64[Y], share of the route that carries most of what is delivered, by year.
    shares
        float64[6, W], share of the flow of the busiest sectors.
    """

    lockstep: float
    flow_echo: NDArray[np.float64]
    patrol_echo: NDArray[np.float64]
    largest_route: NDArray[np.float64]
    shares: NDArray[np.float64]


class Watcher:
    """Collects, week by week, what `Behaviour` is made of."""

    def __init__(self, model: BorderModel, weeks: int) -> None:
        world = model.world
        self._model = model
        networks, sectors = len(world.trade.ids), len(world.sectors.ids)
        self._effort = np.zeros((weeks, sectors))
        self._route = np.zeros((weeks, int(world.trade.lanes.route.max()) + 1))
        self._last = np.zeros((networks, sectors))
        self._together = self._apart = 0.0

    def look(self) -> None:
        """Note the week that has just ended."""
        world, lanes = self._model.world, self._model.world.trade.lanes
        at = world.week - 1
        self._effort[at] = world.patrols.effort
        self._route[at] = np.bincount(
            lanes.route, self._model.notes.moved.delivered_amount, self._route.shape[1]
        )
        if world.week % STEP:
            return
        networks, sectors = self._last.shape
        where = lanes.place_network * sectors + lanes.place_sector
        share = np.bincount(where, world.portfolios.share[lanes.place_lane], networks * sectors)
        share = share.reshape(networks, sectors)
        change = (share - self._last)[world.networks.active]
        if world.week > 2 * YEAR and len(change):
            self._together += float((change.mean(axis=0) ** 2).sum())
            self._apart += float((change**2).mean(axis=0).sum())
        self._last = share

    def summary(self) -> Behaviour:
        """What was seen."""
        flow = self._model.record.flow.astype(float)
        busiest = np.argsort(-flow.sum(axis=0), kind="stable")
        flow_share = flow / np.maximum(flow.sum(axis=1, keepdims=True), 1.0)
        effort = self._effort / np.maximum(self._effort.sum(axis=1, keepdims=True), 1e-9)
        weeks = len(flow) // YEAR * YEAR
        routes = self._route[:weeks].reshape(-1, YEAR, self._route.shape[1]).sum(axis=1)
        return Behaviour(
            lockstep=self._together / max(self._apart, 1e-12),
            flow_echo=echo(flow_share[2 * YEAR :, busiest[:10]]),
            patrol_echo=echo(effort[2 * YEAR :, busiest[:10]]),
            largest_route=routes.max(axis=1) / np.maximum(routes.sum(axis=1), 1.0),
            shares=flow_share[:, busiest[:SHOWN]].T,
        )


def echo(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean autocorrelation of some series [W, k] at lags 0 to 52, a running mean taken off."""
    half = YEAR
    window = np.ones(2 * half + 1) / (2 * half + 1)
    out: list[NDArray[np.float64]] = []
    for column in series.T:
        calm = column[half:-half] - np.convolve(column, window, mode="valid")
        power = float((calm**2).mean())
        if power > 1e-18:  # rounding is no movement
            out.append(np.array([
                float((calm[: calm.size - lag] * calm[lag:]).mean()) / power for lag in range(LAGS)
            ]))  # fmt: skip
    return np.mean(out, axis=0) if out else np.full(LAGS, np.nan)


def swing(of: NDArray[np.float64], last: int) -> float:
    """Largest rise of an autocorrelation from lag 6 to `last`: a cycle falls and comes back."""
    inside = of[6 : last + 1]
    return float((inside - np.minimum.accumulate(inside)).max())
