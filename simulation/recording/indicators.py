"""Indicators: what is measured, in which unit, and which way is better.

Every name that a run reports is declared here once, with its definition. Names with brackets
are of one country or commodity, ``seized_by[TJK]``; without brackets an amount is that of the
scenario's headline commodity.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tocsin.simulation.elementary import LN2, log
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.mechanisms.cooperation.budget import short_name
from tocsin.simulation.parameters import Commodity, instruments

Direction = Literal["up", "down", "neither"]
Per = Literal["", "country", "commodity", "persons"]
Ending = Literal["total", "last", "mean", "once"]


@dataclass(frozen=True)
class Indicator:
    """One thing that is measured.

    Attributes
    ----------
    unit
        Unit of the value; amounts are whole numbers of the smallest unit, grams ("g" here),
        persons or cents.
    direction
        Which way is better for the public.
    phase
        Phase of the week that makes it.
    per
        What stands in brackets behind the name; "commodity" also exists without brackets,
        "persons" is a commodity whose unit is persons.
    ending
        How the end value follows from the weeks: ``total`` is the sum from week 1, ``last`` the
        last week, ``mean`` the mean over the window of measurement, ``once`` computed at the end.
    whole
        Whether the value is an integer.
    by_scenario
        Whether chance does not touch it, unless rules of the scenario make it follow results
        (funds by performance, evaluations that move money): the scenario sets it.
    """

    name: str
    definition: str
    unit: str
    direction: Direction
    phase: str
    per: Per = ""
    ending: Ending = "total"
    whole: bool = False
    by_scenario: bool = False


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
    Indicator("market_price", "Price at the markets, mean weighted by their usual quantity; "
              "with the name of a market in brackets, the price there.",
              "USD per unit", "up", "adaptation", "commodity", "mean"),
    Indicator("trafficker_profit", "Revenue less purchase, transport, bribes and pay.", "USD",
              "down", "adaptation", "commodity"),
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
              "up", "response", "", "total", True),
    Indicator("intelligence_age_at_use", "Median age of received tips when a watch begins.",
              "weeks", "down", "response", "", "once"),
    Indicator("tip_hit_rate", "Share of watches begun by a received tip that lead to a seizure of "
              "that network there while patience lasts.", "share", "up", "adaptation", "", "once"),
    Indicator("trust_mean", "Mean trust over ordered pairs of members.", "trust", "up",
              "institutions", "", "mean"),
    Indicator("capability_mean", "Mean capability of the agencies.", "capability", "up",
              "institutions", "", "last", by_scenario=True),
    Indicator("capability_gini", "Gini coefficient of the agencies' capability.", "index", "down",
              "institutions", "", "last", by_scenario=True),
    Indicator("cost_total", "What the IGO and the agencies spend.", "USD", "down", "measurement"),
    Indicator("cost_secretariat", "Running cost of the coordinator.", "USD", "down",
              "measurement", by_scenario=True),
    Indicator("cost_items", "Cost of the items exchanged.", "USD", "down", "measurement"),
    Indicator("cost_operations", "Cost of operations.", "USD", "down", "measurement"),
    Indicator("cost_officers", "Cost of border officers and of the countries' own training.", "USD",
              "down", "measurement", by_scenario=True),
    Indicator("delivered_through", "Delivered amount that entered the country on its way, once "
              "per shipment.", "g", "down", "movement", "country", "total", True),
    Indicator("seized_by", "Amount seized by the country's agency.", "g", "neither", "movement",
              "country", "total", True),
    Indicator("country_interception_rate", "Seized there / (seized there + passed on or "
              "delivered), by amount; written interception_rate[C].", "share", "up", "movement",
              "country", "once"),
    Indicator("capability", "Capability of the country's agency.", "capability", "up",
              "institutions", "country", "last", by_scenario=True),
    Indicator("persons_started", "Persons who set out.", "persons", "neither", "trafficking",
              "persons", "total", True),
    Indicator("persons_crossed", "Persons who arrived.", "persons", "neither", "movement",
              "persons", "total", True),
    Indicator("persons_stopped", "Persons who were stopped and held.", "persons", "neither",
              "movement", "persons", "total", True),
    Indicator("persons_turned_back", "Persons who were turned back at once.", "persons",
              "neither", "movement", "persons", "total", True),
    Indicator("persons_rescued", "Persons saved from boats in distress.", "persons", "neither",
              "movement", "persons", "total", True),
    Indicator("persons_died", "Persons who died on the way.", "persons", "down", "movement",
              "persons", "total", True),
    Indicator("joint_operations", "Operations of joint task forces.", "operations", "neither",
              "investigation", "", "total", True),
    Indicator("task_forces", "Joint task forces at work.", "teams", "neither", "response", "",
              "mean"),
    Indicator("leaders_arrested", "Leaders of networks arrested.", "persons", "up",
              "investigation", "", "total", True),
    Indicator("networks_split", "Networks that split when they had lost their leaders.",
              "networks", "neither", "investigation", "", "total", True),
    Indicator("strength_mean", "Mean share of members at large, of networks in business.",
              "share", "down", "adaptation", "", "mean"),
    Indicator("members_total", "Members at large of networks in business.", "persons", "down",
              "adaptation", "", "last", True),
    Indicator("concealment_mean", "Mean concealment of networks in business, as a divisor of the "
              "hazard.", "factor", "down", "adaptation", "", "mean"),
    Indicator("method_mean", "Mean share of present methods that members' agencies know.",
              "share", "up", "institutions", "", "mean"),
    Indicator("items_leaked", "Leaks of shared items.", "items", "down", "intelligence", "",
              "total", True),
    Indicator("items_by_liaison", "Items that liaison officers handed on.", "items", "neither",
              "reporting", "", "total", True),
    Indicator("predictions", "Routes that the hub's analysts predicted from shared seizures.",
              "items", "neither", "reporting", "", "total", True),
    Indicator("public_tips", "Tips from the public.", "items", "neither", "reporting", "", "total",
              True),
    Indicator("deployments", "Rapid response units sent out.", "units", "neither", "response", "",
              "total", True),
    Indicator("interdictions_by_units", "Seizures in sectors where a rapid response unit stands.",
              "seizures", "up", "movement", "", "total", True),
    Indicator("assistance_weeks_mean", "Mean weeks from request to evidence from abroad.",
              "weeks", "down", "reporting", "", "once"),
    Indicator("evidence_from_abroad", "Leads and evidence that arrived from partners, in "
              "seizures' worth.", "seizures", "up", "intelligence"),
    Indicator("ratifications", "Members that have ratified the common instrument.", "countries",
              "up", "institutions", "", "total", True),
    Indicator("pairs_ratified", "Share of pairs of members that are both parties.", "share", "up",
              "institutions", "", "last"),
    Indicator("legal_mean", "Mean legal compatibility over pairs of members.", "index", "up",
              "institutions", "", "last", by_scenario=True),
    Indicator("effort_mean", "Mean part of the agreed sharing that members keep up.", "share",
              "up", "institutions", "", "mean"),
    Indicator("will_mean", "Mean political will of members.", "index", "up", "institutions", "",
              "last"),
    Indicator("distance_mean", "Mean cultural distance over pairs of members.", "index", "down",
              "institutions", "", "last", by_scenario=True),
    Indicator("awareness", "Awareness of the public.", "index", "up", "institutions", "",
              "last", by_scenario=True),
    Indicator("analysis", "Analytic capability of the hub.", "index", "up", "institutions", "",
              "last", by_scenario=True),
    Indicator("corruption_mean", "Mean share of patrol effort that can be bought, of members.",
              "share", "down", "institutions", "", "last", by_scenario=True),
    Indicator("bribes_paid", "What networks paid to officers.", "USD", "down", "adaptation"),
    Indicator("funds_unabsorbed", "Funds of the programme that countries could not put to use.",
              "USD", "down", "institutions", by_scenario=True),
    Indicator("funds_misspent", "Funds of the programme that were misspent.", "USD", "down",
              "institutions", by_scenario=True),
    Indicator("budget_moved", "Yearly funds that evaluations moved between instruments.",
              "USD", "neither", "institutions"),
    Indicator("reports_published", "Yearly evaluations that were published.", "reports", "up",
              "institutions", "", "total", True),
    Indicator("covert_sales", "Sales on virtual markets under covert control.", "sales",
              "neither", "investigation", "", "total", True),
    *(
        Indicator(f"cost_{short_name(key)}", f"Funds of the instrument {key}.", "USD", "down",
                  "measurement", by_scenario=True)
        for key in instruments()
    ),
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


def sold_at(goods: Mapping[str, Commodity]) -> dict[str, str]:
    """What stands in brackets for each market -> what is sold there, in the order of
    the names of the goods.

    It is the name of the town or virtual market, with the commodity behind it where several are
    sold there or a commodity has that name.
    """
    sold = [(market, good) for good in sorted(goods) for market in goods[good].markets]
    towns = [market for market, _ in sold]
    return {
        f"{market} ({good})" if towns.count(market) > 1 or market in goods else market: good
        for market, good in sold
    }


def market_names(goods: Mapping[str, Commodity]) -> tuple[str, ...]:
    """What stands in brackets for each market, by commodity in alphabetical order."""
    return tuple(sold_at(goods))


def divergence(first: ArrayLike, second: ArrayLike) -> float:
    """Jensen-Shannon divergence (base 2) of two non-negative vectors; NaN if one is all 0."""
    p, q = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if p.sum() == 0 or q.sum() == 0:
        return float("nan")
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    parts = [(x[x > 0] * log(x[x > 0] / middle[x > 0])).sum() for x in (p, q)]
    return float(max(0.0, sum(parts) / (2 * LN2)))


def places_of_most(flow: ArrayLike, share: float = 0.8) -> NDArray[np.int64]:
    """Fewest places that together carry `share` of a flow [..., places]; 0 without flow. [...]"""
    ordered = np.sort(np.asarray(flow, dtype=float), axis=-1)[..., ::-1]
    whole = ordered.sum(axis=-1)
    if ordered.shape[-1] == 0:
        return np.zeros(whole.shape, dtype=np.int64)
    enough = np.cumsum(ordered, axis=-1) >= (share * whole - 1e-9)[..., None]
    return np.where(whole > 0, enough.argmax(axis=-1) + 1, 0)


def gini(values: ArrayLike) -> NDArray[np.float64]:
    """Gini coefficient of non-negative values [..., n]; 0 if they are equal, NaN if all are 0."""
    ordered = np.sort(np.asarray(values, dtype=float), axis=-1)
    number, whole = ordered.shape[-1], ordered.sum(axis=-1)
    spread = ((2 * np.arange(1, number + 1) - number - 1) * ordered).sum(axis=-1)
    return ratio(spread, number * whole)


def ratio(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Elementwise ratio, NaN where the whole is 0."""
    whole = np.asarray(whole)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
