"""Checks on other real maps: the same behavioural parameters, nothing fitted there.

Officers, capability and corruption follow the rule of `cartography` from governance indicators.
The published figures of these regions were looked at when the scenarios were written, not when
any default was chosen; how often boats founder is the exception.
"""

from tocsin.experiments.methods.facts.declaring import Arms, Check
from tocsin.experiments.methods.facts.settings import (
    BEGIN,
    CARIBBEAN,
    COAST,
    MEDITERRANEAN,
    Setting,
)

INF = float("inf")
ISLANDS = ("CUB", "DOM", "HTI", "JAM", "PRI")
ISTHMUS = ("BLZ", "CRI", "GTM", "HND", "NIC", "PAN", "SLV")


def _islands(arms: Arms, setting: Setting, seed: int) -> list[float]:
    base = arms["base"]
    islands, isthmus = (
        sum(base.total(f"seized_by[{code}]", BEGIN) for code in codes)
        for codes in (ISLANDS, ISTHMUS)
    )
    return [islands / (islands + isthmus) if islands + isthmus else float("nan")]


def _persons(what: str, arms: Arms) -> list[float]:
    base = arms["base"]
    started = base.total("persons_started[persons]", BEGIN)
    return [base.total(f"persons_{what}[persons]", BEGIN) / started if started else float("nan")]


def _stopped(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Stopped, turned back or rescued: what the statistics call stopped at sea."""
    return [sum(_persons(what, arms)[0] for what in ("stopped", "turned_back", "rescued"))]


def _crossed(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return _persons("crossed", arms)


def _died(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return _persons("died", arms)


_TOCTA = "UNODC, Transnational Organized Crime in Central America and the Caribbean, 2012"
_SEA = "of 254,000 who left North Africa on the central route in 2023 (UNODC, 17 Oct 2024)"
_FACT = "transfer to other maps"
_ARM = ("base",)

CHECKS = (
    Check("transfer_islands_before", _FACT, f"more than 75 % in the mid-1980s ({_TOCTA})",
          "share of the Caribbean in what it and Central America seize", 0.75, INF, "",
          (CARIBBEAN,), _ARM, _islands),
    Check("transfer_islands_after", _FACT, f"less than 10 % in 2010 ({_TOCTA})",
          "the same when the coast of Florida is held", -INF, 0.10, "", (COAST,), _ARM, _islands),
    Check("transfer_stopped", _FACT, f"40 % {_SEA}",
          "share stopped, turned back or rescued of those who set out (band: a quarter to either "
          "side)", 0.30, 0.50, "", (MEDITERRANEAN,), _ARM, _stopped),
    Check("transfer_crossed", _FACT, f"59 % {_SEA}", "share that arrives (band: a quarter to "
          "either side)", 0.45, 0.74, "", (MEDITERRANEAN,), _ARM, _crossed),
    Check("transfer_died", _FACT, f"0.7 % {_SEA}", "share that dies or goes missing (band: a "
          "quarter to either side)", 0.0053, 0.0089,
          "wreck and drowned of the commodity", (MEDITERRANEAN,), _ARM, _died),
)  # fmt: skip
