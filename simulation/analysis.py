"""Analysis at the hub (M5, M7): prediction of routes, and who holds a network together.

Analysts see every seizure that members share. Now and then they can say which way the network
must have been on, from the ways that pass there; partners get that as an item like any other,
right or wrong. The same analysts tell investigators whom to arrest.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.budget import effect
from simulation.elementary import kept
from simulation.events import seizure_id
from simulation.intelligence import Items
from simulation.parameters import Intelligence

if TYPE_CHECKING:
    from simulation.model import BorderModel


class HubAnalysis:
    """Analytic capability of the hub, 0 to 1."""

    def __init__(self) -> None:
        self.level = 0.0

    def build(self, funds: float, rules: Intelligence) -> None:
        """One week; `funds` in million USD a year."""
        goal = effect(funds, rules.analysis_half_musd)
        self.level += (1 - kept(rules.analysis_build_weeks)) * (goal - self.level)


def predict(model: "BorderModel", recipients: NDArray[np.bool_], weeks: NDArray[np.int64]) -> None:
    """Analysts say which way networks take, from the seizures of the week that members share.

    `recipients` is bool[n, C], `weeks` int64[n], in which the hub lets each out, 0 for never.
    """
    found, lanes = model.found, model.trade.lanes
    chance = model.parameters.intelligence.prediction_rate * model.hub_analysis.level
    if chance == 0 or not model.parameters.channels.shared_tips:
        return
    drawn = model.streams.uniform("prediction", found.key) < chance
    for number in np.flatnonzero(drawn & (weeks > 0)).tolist():
        network, sector = int(found.network[number]), int(found.sector[number])
        if not model.networks.active[network]:
            continue
        one = slice(number, number + 1)
        key = found.key[one]
        passing = (lanes.place_network == network) & (lanes.place_sector == sector)
        ways = lanes.place_lane[passing]
        lane = int(ways[int(model.streams.uniform("predicted way", key)[0] * ways.size)])
        origin = int(found.country[number])
        model.log.record(
            f"prediction-{int(key[0]):016x}", model.week, "prediction", "IGO",
            country=model.codes[origin], network=model.networks.name_in(network, model.week),
            cause=seizure_id(int(key[0])),
        )  # fmt: skip
        route = (origin, network, model.networks.modus[network], lanes.start[lane], lanes.end[lane])
        items = Items("prediction", model.week, key, np.array([route], dtype=np.int64),
                      recipients[one], weeks[one], lanes.place_sector)  # fmt: skip
        model.hub.accept(items)
        model.count("predictions", 1)
