"""Checks of what agencies and their coordinator do: free riding, funds, closed markets."""

import numpy as np
from tocsin.experiments.methods.facts.declaring import Arms, Check, Vector, change
from tocsin.experiments.methods.facts.settings import (
    AFTER,
    BEGIN,
    CLOSED,
    MAPS,
    STOP,
    VIRTUAL,
    WEEKS,
    Setting,
)

INF = float("inf")
WEEKS_PER_MONTH = 365.25 / 12 / 7
RETURN = 26  # weeks in which volume has to be back
SPAN = 13  # weeks over which it is measured then


def _through(arms: Arms, setting: Setting, arm: str) -> float:
    one = arms[arm]
    share = one.total(f"delivered_through[{setting.bypassed}]", BEGIN, AFTER)
    return share / one.total("delivered", BEGIN, AFTER)


def _among_many(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Share of the flow through a member that shares as the others do, and that shares nothing."""
    return [_through(arms, setting, arm) for arm in _RIDERS[:2]]


def _among_both(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """The same, among partners who share nearly all and among those who share little."""
    return [_through(arms, setting, arm) for arm in _RIDERS]


def _more_among_many(means: Vector) -> float:
    return change(means[:2]) - change(means[2:])


def _undershared(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [arms[arm].total("delivered", BEGIN, AFTER) for arm in ("base", "effort kept up")]


def _effort(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [arms["base"].mean("effort_mean", BEGIN, AFTER)]


def _links(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [
        arms[arm].total("delivered", BEGIN, AFTER) for arm in ("strongest lifted", "weakest lifted")
    ]


def _gains(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Gain in mean capability from the last week of funds on."""
    gain = arms["funds stop"].weekly["capability_mean"] - arms["base"].weekly["capability_mean"]
    return gain[STOP - 1 : WEEKS].tolist()


def _months_to_half(means: Vector) -> float:
    """Months until a gain has halved; undefined if it has not by the end of the run."""
    below = np.flatnonzero(means <= means[0] / 2)
    return float(below[0] / WEEKS_PER_MONTH) if below.size and means[0] > 0 else float("nan")


def _interception_gains(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Gain in interception in the last year of funds, and in the fourth year without them."""
    funded, base = arms["funds stop"], arms["base"]
    return [funded.rate(last - 51, last) - base.rate(last - 51, last) for last in (STOP, WEEKS)]


def _dismantling_gains(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Networks dismantled more than in the base, in the last two years with and without funds."""
    funded, base = arms["funds stop"], arms["base"]
    return [
        funded.total("networks_dismantled", last - 103, last)
        - base.total("networks_dismantled", last - 103, last)
        for last in (STOP, WEEKS)
    ]


def _fallen(means: Vector) -> float:
    return float(means[1] - means[0])


def _pulses(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [arms[arm].total("delivered", 1, WEEKS) for arm in ("steady funds", "pulsed funds")]


def _recovered(arms: Arms, setting: Setting, seed: int) -> list[float]:
    _, week = CLOSED[setting.name]
    last = week + RETURN
    return [arms[arm].mean("delivered", last - SPAN + 1, last) for arm in ("base", "market closed")]


def _ratio(means: Vector) -> float:
    return float(means[1] / means[0]) if means[0] else float("nan")


_RIDERS = ("much shared", "much shared, free rider", "little shared", "little shared, free rider")
_FREE = "Bac 2023; Sandler et al. 2011"
_DECAY = "no estimate found; the design gives 12-48 months"
_ALPHA = "ElBahrawy et al. 2020: volume recovers quickly; the design gives 26 weeks"

CHECKS = (
    Check("free_rider_draws", "free riding", _FREE,
          "change of the share of flow through a member that shares nothing among partners who "
          "share nearly all", 0, INF, "", MAPS, _RIDERS[:2], _among_many, change),
    Check("free_rider_among_many", "free riding", _FREE,
          "that change less the same change among partners who share little", 0, INF, "", MAPS,
          _RIDERS, _among_both, _more_among_many),
    Check("effort_below_agreed", "free riding", _FREE,
          "mean part of the agreed sharing that members keep up when they follow their pay-off",
          0, 0.95, "", MAPS, ("base",), _effort),
    Check("undershared", "free riding", _FREE,
          "change of delivered when all keep up the effort that they agreed on", -1, 0, "", MAPS,
          ("base", "effort kept up"), _undershared, change),
    Check("weakest_link", "free riding", _FREE,
          "delivered when the weakest transit member gains 0.15 of capability against when the "
          "strongest does, relative", -1, 0, "", MAPS, ("strongest lifted", "weakest lifted"),
          _links, change),
    Check("funds_stop_half", "funding stops", _DECAY,
          "months after the last funds in which half of the gain in capability is gone", 12, 48,
          "capacity.half_life_weeks", MAPS, ("base", "funds stop"), _gains, _months_to_half),
    Check("funds_stop_interception", "funding stops", _DECAY,
          "gain in interception in the fourth year without funds less that in the last with them",
          -1, 0, "", MAPS, ("base", "funds stop"), _interception_gains, _fallen),
    Check("funds_stop_dismantling", "funding stops", _DECAY,
          "the same for networks dismantled in two years", -INF, 0, "", MAPS,
          ("base", "funds stop"), _dismantling_gains, _fallen),
    Check("pulsed_funds", "funding stops", "the design: pulsed funding does worse than steady",
          "delivered in eight years under pulsed against steady funds of the same total, relative",
          0, INF, "", MAPS, ("steady funds", "pulsed funds"), _pulses, change),
    Check("market_recovers", "market takedown", _ALPHA,
          "delivered in weeks 14 to 26 after the largest market closed, of the control", 0.90, INF,
          "market.buyers_weeks", VIRTUAL, ("base", "market closed"), _recovered, _ratio),
)  # fmt: skip
