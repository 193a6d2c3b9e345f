"""Indicators: what is measured, in which unit, and which way is better.

Every name that a run reports is declared here once, with its definition. Names with brackets
are of one country or commodity, ``seized_by[TJK]``; without brackets an amount is that of the
scenario's headline commodity.
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from simulation.errors import InputError, nearest

Direction = Literal["up", "down", "neither"]
Per = Literal["", "country", "commodity"]
Ending = Literal["total", "last", "mean", "once"]


@dataclass(frozen=True)
class Indicator:
    """One thing that is measured.

    Attributes
    ----------
    unit
        Unit of the value; amounts of goods are grams, so that they are whole numbers.
    direction
        Which way is better for the public.
    phase
        Phase of the week that makes it.
    per
        What stands in brackets behind the name; "commodity" also exists without brackets.
    ending
        How the end value follows from the weeks: ``total`` is the sum from week 1, ``last`` the
        last week, ``mean`` the mean over the window of measurement, ``once`` computed at the end.
    whole
        Whether the value is an integer.
    """

    name: str
    definition: str
    unit: str
    direction: Direction
    phase: str
    per: Per = ""
    ending: Ending = "total"
    whole: bool = False


_ALL = (
    Indicator("produced", "Amount launched from the sources.", "g", "down", "trafficking",
              "commodity", "total", True),
    Indicator("delivered", "Amount that reached a market.", "g", "down", "movement",
              "commodity", "total", True),
    Indicator("seized", "Amount seized; falls when the flow falls, so it has no direction.", "g",
              "neither", "movement", "commodity", "total", True),
    Indicator("lost", "Amount abandoned when a network ended, or that found its market closed.",
              "g", "neither", "investigation", "commodity", "total", True),
    Indicator("in_transit", "Amount under way at the end of the week.", "g", "neither",
              "movement", "commodity", "last", True),
    Indicator("interception_rate", "seized / (seized + delivered) by amount.", "share", "up",
              "movement", "commodity", "once"),
    Indicator("market_price", "Price at the markets, mean weighted by their usual quantity.",
              "USD per kg", "up", "adaptation", "commodity", "mean"),
    Indicator("trafficker_profit", "Revenue less purchase, transport, bribes and pay, of all "
              "networks.", "USD", "down", "adaptation"),
    Indicator("networks_active", "Networks that are in business.", "networks", "down",
              "adaptation", "", "last", True),
    Indicator("networks_dismantled", "Networks ended by an operation.", "networks", "up",
              "investigation", "", "total", True),
    Indicator("networks_failed", "Networks ended by bankruptcy.", "networks", "up", "adaptation",
              "", "total", True),
    Indicator("arrests", "Members of networks arrested.", "persons", "neither", "investigation",
              "", "total", True),
    Indicator("operations", "Operations against networks.", "operations", "neither",
              "investigation", "", "total", True),
    Indicator("sectors_in_use", "Fewest border sectors that together carry 80 % of what passed "
              "in the last 52 weeks.", "sectors", "neither", "movement", "", "last", True),
    Indicator("displacement", "Jensen-Shannon divergence (base 2) of flow shares by sector, last "
              "52 weeks against weeks 53-104; undefined in runs under 156 weeks.", "bits",
              "neither", "movement", "", "once"),
    Indicator("items_shared", "Items of intelligence that members gave to the hub.", "items",
              "neither", "reporting", "", "total", True),
    Indicator("items_used", "Received tips that led to a watch, each counted once.", "items",
              "up", "patrols", "", "total", True),
    Indicator("intelligence_age_at_use", "Median age of received tips when a watch begins.",
              "weeks", "down", "patrols", "", "once"),
    Indicator("tip_hit_rate", "Share of watches begun by a received tip that lead to a seizure of "
              "that network there within 4 weeks.", "share", "up", "investigation", "", "once"),
    Indicator("trust_mean", "Mean trust over ordered pairs of members.", "trust", "up",
              "institutions", "", "mean"),
    Indicator("capability_mean", "Mean capability of the agencies.", "capability", "up",
              "institutions", "", "last"),
    Indicator("capability_gini", "Gini coefficient of the agencies' capability.", "index", "down",
              "institutions", "", "last"),
    Indicator("cost_total", "What the IGO and the agencies spend.", "USD", "down", "measurement"),
    Indicator("cost_secretariat", "Running cost of the coordinator.", "USD", "down",
              "measurement"),
    Indicator("cost_capacity", "Funds of the capacity-building programme.", "USD", "down",
              "measurement"),
    Indicator("cost_items", "Cost of the items exchanged.", "USD", "down", "measurement"),
    Indicator("cost_operations", "Cost of operations.", "USD", "down", "measurement"),
    Indicator("cost_officers", "Cost of border officers.", "USD", "down", "measurement"),
    Indicator("delivered_through", "Delivered amount that entered the country on its way, once "
              "per shipment.", "g", "down", "movement", "country", "total", True),
    Indicator("seized_by", "Amount seized by the country's agency.", "g", "neither", "movement",
              "country", "total", True),
    Indicator("country_interception_rate", "Seized there / (seized there + passed on or "
              "delivered), by amount; written interception_rate[C].", "share", "up", "movement",
              "country", "once"),
    Indicator("capability", "Capability of the country's agency.", "capability", "up",
              "institutions", "country", "last"),
)  # fmt: skip

INDICATORS: dict[str, Indicator] = {indicator.name: indicator for indicator in _ALL}


def indicator_of(name: str) -> Indicator:
    """Declaration behind a reported name, with or without brackets.

    Raises
    ------
    InputError
        If there is no such indicator.
    """
    plain, _, inside = name.partition("[")
    if plain == "interception_rate" and re.fullmatch(r"[A-Z]{3}\]", inside):
        plain = "country_interception_rate"
    if plain not in INDICATORS:
        raise InputError(f"indicator {name!r} does not exist{nearest(plain, INDICATORS)}.")
    return INDICATORS[plain]


def divergence(first: ArrayLike, second: ArrayLike) -> float:
    """Jensen-Shannon divergence (base 2) of two non-negative vectors; NaN if one is all 0."""
    p, q = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if p.sum() == 0 or q.sum() == 0:
        return float("nan")
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [np.where(x > 0, x * np.log2(x / middle), 0.0).sum() for x in (p, q)]
    return float(max(0.0, sum(parts) / 2))


def places_of_most(flow: ArrayLike, share: float = 0.8) -> int:
    """Fewest places that together carry `share` of a flow; 0 without flow."""
    ordered = np.sort(np.asarray(flow, dtype=float))[::-1]
    if ordered.sum() == 0:
        return 0
    return int(np.searchsorted(np.cumsum(ordered), share * ordered.sum() - 1e-9) + 1)
