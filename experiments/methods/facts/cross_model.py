"""Membership without geography, held against the equations of others.

Prieto-Curiel, Campedelli and Hope (Science 2023) describe cartels of Mexico by recruitment,
arrests, conflict and saturation, without a map. Recruitment here is ours (empty places are
refilled after `organisation.refill_weeks`), and so are arrests (operations on evidence).
"""

from tocsin.experiments.methods.facts.declaring import Arms, Check, Vector
from tocsin.experiments.methods.facts.settings import AFTER, ONE_ROAD, Setting

INF = float("inf")


def _growth_of(arm: str, arms: Arms) -> float:
    run = arms[arm]
    return run.mean("members_total", AFTER - 12, AFTER) / run.mean("members_total", 1, 1) - 1


def _status_quo(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [_growth_of("base", arms)]


def _halved(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [_growth_of("recruitment halved", arms)]


def _doubled(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [_growth_of("operations doubled", arms)]


def _all(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [_growth_of(arm, arms) for arm in _ARMS]


def _order(means: Vector) -> float:
    """Smaller gap in the published order: base over doubled arrests over halved recruitment."""
    base, halved, doubled = means
    return float(min(base - doubled, doubled - halved))


_PRIETO = "Prieto-Curiel, Campedelli and Hope, Science 2023"
_ARMS = ("base", "recruitment halved", "operations doubled")
_FACT = "membership without geography"
_WHERE = (ONE_ROAD,)

CHECKS = (
    Check("membership_grows", _FACT,
          f"+26 % in the status quo ({_PRIETO}); our solution of their equations gives +23 %",
          "change of membership in five years", 0, INF, "", _WHERE, ("base",), _status_quo),
    Check("membership_halved", _FACT, "our solution of their equations gives -10 %",
          "the same when recruitment is halved", -1, 0, "", _WHERE, _ARMS[1:2], _halved),
    Check("membership_doubled", _FACT, "our solution of their equations gives +6 %",
          "the same when operations are twice as frequent", 0, INF, "", _WHERE, _ARMS[2:],
          _doubled),
    Check("membership_order", _FACT, "status quo +23 %, arrests doubled +6 %, recruitment halved "
          "-10 %", "smaller gap in that order", 0, INF, "", _WHERE, _ARMS, _all, _order),
)  # fmt: skip
