"""The ladder of prices that networks have in mind, read off a finished run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.model import BorderModel

LATELY = 104  # weeks over which losses are counted
USED = 0.001  # of what the busiest sector carries; sectors with less are left out


@dataclass(frozen=True)
class Ladder:
    """What networks expect at the end of a run, and what they met in its last two years.

    Attributes
    ----------
    expected, met
        float64[S], perceived probability of loss on each sector, mean over those who use it by
        what they send; and share of the amount that was seized there. NaN where nobody goes.
    even, source, given
        USD per unit: price at the market at which a unit would earn what it costs with its
        expected losses, mean over lanes; price at the source; price at the market as the
        scenario has it.
    """

    expected: NDArray[np.float64]
    met: NDArray[np.float64]
    even: float
    source: float
    given: float


def ladder(model: BorderModel, seized: NDArray[np.float64]) -> Ladder:
    """Look at a finished run; `seized` [S] is the amount of its last two years by sector."""
    world = model.world
    trade, lanes = world.trade, world.trade.lanes
    rules, number = model.parameters.trafficking, len(world.sectors.ids)
    sent = trade.capacity[lanes.line] * world.portfolios.share * world.of_headline()
    sent = sent * world.networks.active[lanes.network]
    risk = model.notes.risk[lanes.place_network, lanes.place_sector]
    weight = sent[lanes.place_lane]
    passed = model.record.flow[-LATELY:].sum(axis=0)
    used = passed > USED * passed.max(initial=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.bincount(lanes.place_sector, weight * risk, number)
        expected /= np.bincount(lanes.place_sector, weight, number)
        met = np.where(used, seized / (seized + passed), np.nan)
    safe = np.exp(np.bincount(lanes.place_lane, np.log1p(-risk), lanes.start.size))
    terms, bribe = trade.terms, rules.bribe_share * world.portfolios.bought
    paid = terms.source_price + terms.transport
    even = paid * (1 / safe - bribe) / (1 - bribe)
    mean = [float((sent * price).sum() / max(sent.sum(), 1e-9))
            for price in (even, terms.source_price, terms.price_scale)]  # fmt: skip
    return Ladder(expected, met, *mean)
