"""Checks of the ladder of prices between source and market.

The model has a price at each end. What stands between them is what networks expect: a unit has to
earn more behind every border, because they expect to lose some of the others there. That ladder
climbs by construction, so it is not checked; what may fail is that it jumps where the risk really
is, that it reaches as high as the published one, and that the price at its top stays there.
"""

import numpy as np
from scipy import stats
from tocsin.experiments.methods.facts.declaring import Arms, Check, Vector
from tocsin.experiments.methods.facts.observing import Observation
from tocsin.experiments.methods.facts.settings import BEGIN, CENTRAL_ASIA, MAPS, PRICED, Setting

INF = float("inf")


def _jumps(arms: Arms, setting: Setting, seed: int) -> list[float]:
    seen = arms["base"].ladder
    both = np.isfinite(seen.expected) & np.isfinite(seen.met)
    if both.sum() < 3:
        return [float("nan")]
    ranks = [stats.rankdata(one[both]) for one in (seen.expected, seen.met)]
    return [float(np.corrcoef(*ranks)[0, 1])]


def _rise(arms: Arms, setting: Setting, seed: int) -> list[float]:
    seen = arms["base"].ladder
    return [seen.even - seen.source, seen.given - seen.source]


def _ratio(means: Vector) -> float:
    return float(means[0] / means[1])


def _top(arms: Arms, setting: Setting, seed: int) -> list[float]:
    base = arms["base"]
    return [base.mean("market_price", BEGIN), base.ladder.given]


def _by_market(run: Observation) -> list[Vector]:
    """Relative prices of every market, week 105 to the last."""
    return [
        run.weekly[f"market_price[{name}]"][BEGIN - 1 :] / usual
        for name, usual in run.usual_price.items()
    ]


def _steady(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [max(float(np.std(np.log(one))) for one in _by_market(arms["ten years"]))]


def _settles(arms: Arms, setting: Setting, seed: int) -> list[float]:
    levels = [float(one.mean()) for one in _by_market(arms["ten years"])]
    return [max(levels, key=lambda level: abs(np.log(level)))]


_SANE = "sanity of prices"
_OURS = "no measurement; a sane model shows it (the band is an assumption)"
_FACT = "price climbs along the chain"
_REUTER = (
    "1,050 -> 23,000 -> 33,000 -> 188,000 USD per kg of cocaine; each step pays for its risk "
    "(Reuter 1994)"
)
_RISE = (
    "up to 600 % between Tajikistan and Russia (UNODC, May 2012), from 3,400 USD per kg beside "
    "Afghanistan (Foreign Policy, Oct 2009)"
)

CHECKS = (
    Check("ladder_jumps", _FACT, _REUTER,
          "rank correlation over sectors of the risk that networks price in with the share that "
          "is seized there", 0, INF, "", MAPS, ("base",), _jumps),
    Check("ladder_rise", _FACT, _RISE,
          "part of the rise of the price that expected losses, transport and bribes explain (the "
          "band is an assumption)", 0.5, 1, "", (CENTRAL_ASIA,), ("base",), _rise, _ratio),
    Check("ladder_top", _FACT, _RISE,
          "price at the market, of the published one that the scenario starts from (the band is "
          "an assumption)", 0.8, 1.2, "", (CENTRAL_ASIA,), ("base",), _top, _ratio),
    Check("price_steady", _SANE, _OURS,
          "standard deviation of the logarithm of the price at the market where it is largest, "
          "weeks 105 to 520", -INF, 0.12, "trafficking.market_temperature, market.dealing", PRICED,
          ("ten years",), _steady),
    Check("price_settles", _SANE, _OURS,
          "mean price over usual price at the market where it is farthest from 1, weeks 105 to "
          "520", 0.8, 1.25, "demand_per_year of the commodity, but for the generated world",
          PRICED, ("ten years",), _settles),
)  # fmt: skip
