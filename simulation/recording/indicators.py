"""Indicators: what is measured, how it is called, in which unit, and which way is better.

Every name that a run reports is declared here once, with all that a reader needs. The command
line, the report, the dashboard, the class and the documentation read it from here. Names with
brackets are of one country or commodity, ``seized_by[TJK]``; without brackets an amount is that
of the scenario's headline commodity.

A mechanism from outside the package declares its own indicators with `declare`; `indicator_of`
finds these too.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from tocsin.simulation import installed
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import Commodity, instruments, short_name

Direction = Literal["up", "down", "neither"]
Per = Literal["", "country", "commodity", "persons"]
Ending = Literal["total", "last", "mean", "once"]
Source = Literal["counted", "measured", "derived", "at the end", "compared"]
Shown = Literal["", "main", "headline"]
Kind = Literal["goods", "persons", "money", "price", "share", "time", "index", "number"]

NAME = re.compile(r"[a-z][a-z0-9_]*")
KIND_OF_UNIT: dict[str, Kind] = {
    "g": "goods", "persons": "persons", "USD": "money", "USD per unit": "price", "share": "share",
    "weeks": "time", "bits": "index", "trust": "index", "capability": "index", "index": "index",
    "factor": "index",
}  # fmt: skip
GROUPS: dict[str, str] = {
    "flows": "Flows", "seizures": "Seizures", "persons": "Persons on the way",
    "networks": "Networks", "money": "Prices and profits", "investigations": "Investigations",
    "intelligence": "Intelligence", "cooperation": "Cooperation", "capability": "Capability",
    "costs": "Costs and funds",
}  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """One thing that is measured.

    Attributes
    ----------
    name, label
        What files and commands write, and what people read.
    group
        Chapter of the catalogue, as in `GROUPS`.
    definition
        What exactly it is, a sentence.
    unit
        Unit of the value; amounts are whole numbers of the smallest unit, grams ("g" here),
        persons or cents.
    direction
        Which way is better for the public.
    phase
        Phase of the week that makes it.
    source
        ``counted`` up by phases in whole numbers, ``measured`` when a week ends, ``derived`` from
        other series, computed ``at the end`` of a run, or ``compared``: of a pair of runs, so that
        no run alone has it.
    per
        What stands in brackets behind the name; "commodity" also exists without brackets,
        "persons" is a commodity whose unit is persons.
    ending
        How the value over a period follows from its weeks: ``total`` is the sum, ``last`` the last
        week, ``mean`` the mean, ``once`` computed for the period as a whole. The end value of a
        total counts from week 1; others have the window of measurement.
    whole
        Whether the value is an integer; what is counted always is.
    by_scenario
        Whether chance does not touch it, unless rules of the scenario make it follow results
        (funds by performance, evaluations that move money): the scenario sets it.
    shown
        ``headline``: what a comparison judges if nothing else is declared. ``main``: shown beside
        the headlines where there is room for more than those. Others are shown on request.

    Raises
    ------
    InputError
        A value is none of those allowed.
    """

    name: str
    label: str
    group: str
    definition: str
    unit: str
    direction: Direction
    phase: str
    source: Source
    per: Per = ""
    ending: Ending = "total"
    whole: bool = False
    by_scenario: bool = False
    shown: Shown = ""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise InputError(_(
                "indicator {name}: a name is written in small letters, digits and _, as in "
                "networks_active.", name=repr(self.name),
            ))  # fmt: skip
        for field in ("label", "group", "definition", "unit"):
            if not getattr(self, field).strip():
                raise InputError(_("indicator {name}: {field} is empty; say it in words.",
                                   name=self.name, field=field))  # fmt: skip
        for field, of in (("direction", Direction), ("source", Source), ("per", Per),
                          ("ending", Ending), ("shown", Shown)):  # fmt: skip
            value, allowed = getattr(self, field), get_args(of)
            if value not in allowed:
                raise InputError(_(
                    "indicator {name}: {field} = {value}; allowed is one of {allowed}{nearest}.",
                    name=self.name, field=field, value=repr(value),
                    allowed=", ".join(map(repr, allowed)), nearest=nearest(str(value), allowed),
                ))  # fmt: skip
        if self.source == "counted":
            object.__setattr__(self, "whole", True)

    @property
    def words(self) -> str:
        """The label inside a sentence."""
        return self.label if self.label[1:2].isupper() else self.label[0].lower() + self.label[1:]

    @property
    def kind(self) -> Kind:
        """Kind of amount, which follows from the unit."""
        return KIND_OF_UNIT.get(self.unit, "number")


_ALL = (
    Indicator("produced", "Sent off", "flows",
              "Amount launched from the sources.",
              "g", "down", "trafficking", "counted", per="commodity"),
    Indicator("delivered", "Delivered", "flows",
              "Amount that reached a market.",
              "g", "down", "movement", "counted", per="commodity", shown="headline"),
    Indicator("lost", "Abandoned", "flows",
              "Amount abandoned when a network ended, or that found its market closed.",
              "g", "neither", "investigation", "counted", per="commodity"),
    Indicator("in_transit", "Under way", "flows",
              "Amount under way at the end of the week.",
              "g", "neither", "movement", "counted", per="commodity", ending="last"),
    Indicator("delivered_through", "Delivered through the country", "flows",
              "Delivered amount that entered the country on its way, once per shipment.",
              "g", "down", "movement", "counted", per="country"),
    Indicator("sectors_in_use", "Border sectors in use", "flows",
              "Fewest border sectors that together carry 80 % of what passed in the last 52 "
              "weeks.",
              "sectors", "neither", "movement", "derived", ending="last", whole=True),
    Indicator("displacement", "Displacement of the flow", "flows",
              "Jensen-Shannon divergence (base 2) of flow shares by sector, last 52 weeks "
              "against weeks 53-104; undefined in runs under 156 weeks.",
              "bits", "neither", "movement", "at the end", ending="once", shown="main"),
    Indicator("seized", "Seized", "seizures",
              "Amount seized; falls when the flow falls, so it has no direction.",
              "g", "neither", "movement", "derived", per="commodity", whole=True),
    Indicator("seized_by", "Seized by the country's agency", "seizures",
              "Amount seized by the country's agency.",
              "g", "neither", "movement", "counted", per="country"),
    Indicator("interception_rate", "Interception rate", "seizures",
              "seized / (seized + delivered) by amount.",
              "share", "up", "movement", "derived", per="commodity", ending="once",
              shown="headline"),
    Indicator("country_interception_rate", "Interception rate", "seizures",
              "Seized there / (seized there + passed on or delivered), by amount; written "
              "interception_rate[C].",
              "share", "up", "movement", "derived", per="country", ending="once"),
    Indicator("interdictions_by_units", "Seizures where a rapid response unit stands", "seizures",
              "Seizures in sectors where a rapid response unit stands.",
              "seizures", "up", "movement", "counted"),
    Indicator("persons_started", "Persons who set out", "persons",
              "Persons who set out.",
              "persons", "neither", "trafficking", "derived", per="persons", whole=True),
    Indicator("persons_crossed", "Persons who arrived", "persons",
              "Persons who arrived.",
              "persons", "neither", "movement", "derived", per="persons", whole=True),
    Indicator("persons_stopped", "Persons stopped and held", "persons",
              "Persons who were stopped and held.",
              "persons", "neither", "movement", "counted", per="persons"),
    Indicator("persons_turned_back", "Persons turned back", "persons",
              "Persons who were turned back at once.",
              "persons", "neither", "movement", "counted", per="persons"),
    Indicator("persons_rescued", "Persons rescued", "persons",
              "Persons saved from boats in distress.",
              "persons", "neither", "movement", "counted", per="persons"),
    Indicator("persons_died", "Deaths on the way", "persons",
              "Persons who died on the way.",
              "persons", "down", "movement", "counted", per="persons"),
    Indicator("networks_active", "Networks in business", "networks",
              "Networks that are in business.",
              "networks", "down", "adaptation", "counted", ending="last", shown="main"),
    Indicator("networks_dismantled", "Networks dismantled", "networks",
              "Networks ended by an operation.",
              "networks", "up", "investigation", "counted", shown="headline"),
    Indicator("networks_failed", "Networks that went bankrupt", "networks",
              "Networks ended by bankruptcy.",
              "networks", "up", "adaptation", "counted"),
    Indicator("networks_split", "Networks that split", "networks",
              "Networks that split when they had lost their leaders.",
              "networks", "neither", "investigation", "counted"),
    Indicator("arrests", "Arrests", "networks",
              "Members of networks arrested.",
              "persons", "neither", "investigation", "counted", shown="main"),
    Indicator("leaders_arrested", "Leaders arrested", "networks",
              "Leaders of networks arrested.",
              "persons", "up", "investigation", "counted"),
    Indicator("members_total", "Members at large", "networks",
              "Members at large of networks in business.",
              "persons", "down", "adaptation", "counted", ending="last"),
    Indicator("strength_mean", "Strength of networks", "networks",
              "Mean share of members at large, of networks in business.",
              "share", "down", "adaptation", "measured", ending="mean"),
    Indicator("concealment_mean", "Concealment by networks", "networks",
              "Mean concealment of networks in business, as a divisor of the hazard.",
              "factor", "down", "adaptation", "measured", ending="mean"),
    Indicator("market_price", "Market price", "money",
              "Price at the markets, mean weighted by their usual quantity; with the name of a "
              "market in brackets, the price there.",
              "USD per unit", "up", "adaptation", "measured", per="commodity", ending="mean",
              shown="main"),
    Indicator("trafficker_profit", "Traffickers’ profit", "money",
              "Revenue less purchase, transport, bribes and pay.",
              "USD", "down", "adaptation", "measured", per="commodity", shown="headline"),
    Indicator("bribes_paid", "Bribes paid", "money",
              "What networks paid to officers.",
              "USD", "down", "adaptation", "measured"),
    Indicator("operations", "Operations", "investigations",
              "Operations against networks.",
              "operations", "neither", "investigation", "counted"),
    Indicator("joint_operations", "Joint operations", "investigations",
              "Operations of joint task forces.",
              "operations", "neither", "investigation", "counted"),
    Indicator("covert_sales", "Sales under covert control", "investigations",
              "Sales on virtual markets under covert control.",
              "sales", "neither", "investigation", "counted"),
    Indicator("items_shared", "Items shared with the hub", "intelligence",
              "Items of intelligence that members gave to the hub.",
              "items", "neither", "reporting", "counted", shown="main"),
    Indicator("items_used", "Partners' tips used", "intelligence",
              "Received tips that led to a watch, each counted once.",
              "items", "up", "response", "counted", shown="main"),
    Indicator("intelligence_age_at_use", "Age of tips at use", "intelligence",
              "Median age of received tips when a watch begins.",
              "weeks", "down", "response", "at the end", ending="once", shown="main"),
    Indicator("tip_hit_rate", "Hit rate of tips", "intelligence",
              "Share of watches begun by a received tip that lead to a seizure of that network "
              "there while patience lasts.",
              "share", "up", "adaptation", "at the end", ending="once", shown="main"),
    Indicator("items_leaked", "Items leaked", "intelligence",
              "Leaks of shared items.",
              "items", "down", "intelligence", "counted"),
    Indicator("items_by_liaison", "Items handed on by liaison officers", "intelligence",
              "Items that liaison officers handed on.",
              "items", "neither", "reporting", "counted"),
    Indicator("predictions", "Routes predicted", "intelligence",
              "Routes that the hub's analysts predicted from shared seizures.",
              "items", "neither", "reporting", "counted"),
    Indicator("public_tips", "Tips from the public", "intelligence",
              "Tips from the public.",
              "items", "neither", "reporting", "counted"),
    Indicator("analysis", "Analytic capability of the hub", "intelligence",
              "Analytic capability of the hub.",
              "index", "up", "institutions", "measured", ending="last", by_scenario=True),
    Indicator("awareness", "Public awareness", "intelligence",
              "Awareness of the public.",
              "index", "up", "institutions", "measured", ending="last", by_scenario=True),
    Indicator("trust_mean", "Trust between members", "cooperation",
              "Mean trust over ordered pairs of members.",
              "trust", "up", "institutions", "measured", ending="mean", shown="main"),
    Indicator("effort_mean", "Sharing kept up", "cooperation",
              "Mean part of the agreed sharing that members keep up.",
              "share", "up", "institutions", "measured", ending="mean"),
    Indicator("will_mean", "Political will", "cooperation",
              "Mean political will of members.",
              "index", "up", "institutions", "measured", ending="last"),
    Indicator("distance_mean", "Cultural distance", "cooperation",
              "Mean cultural distance over pairs of members.",
              "index", "down", "institutions", "measured", ending="last", by_scenario=True),
    Indicator("task_forces", "Joint task forces", "cooperation",
              "Joint task forces at work.",
              "teams", "neither", "response", "measured", ending="mean"),
    Indicator("deployments", "Rapid response units sent out", "cooperation",
              "Rapid response units sent out.",
              "units", "neither", "response", "counted"),
    Indicator("assistance_weeks_mean", "Weeks to evidence from abroad", "cooperation",
              "Mean weeks from request to evidence from abroad.",
              "weeks", "down", "reporting", "at the end", ending="once"),
    Indicator("evidence_from_abroad", "Evidence from abroad", "cooperation",
              "Leads and evidence that arrived from partners, in seizures' worth.",
              "seizures", "up", "intelligence", "measured"),
    Indicator("ratifications", "Ratifications", "cooperation",
              "Members that have ratified the common instrument.",
              "countries", "up", "institutions", "counted"),
    Indicator("pairs_ratified", "Pairs bound by the common instrument", "cooperation",
              "Share of pairs of members that are both parties.",
              "share", "up", "institutions", "measured", ending="last"),
    Indicator("legal_mean", "Legal compatibility", "cooperation",
              "Mean legal compatibility over pairs of members.",
              "index", "up", "institutions", "measured", ending="last", by_scenario=True),
    Indicator("capability_mean", "Capability of agencies", "capability",
              "Mean capability of the agencies.",
              "capability", "up", "institutions", "derived", ending="last", by_scenario=True,
              shown="main"),
    Indicator("capability_gini", "Inequality of capability", "capability",
              "Gini coefficient of the agencies' capability.",
              "index", "down", "institutions", "derived", ending="last", by_scenario=True,
              shown="main"),
    Indicator("capability", "Capability of the country's agency", "capability",
              "Capability of the country's agency.",
              "capability", "up", "institutions", "measured", per="country", ending="last",
              by_scenario=True),
    Indicator("method_mean", "Methods known to agencies", "capability",
              "Mean share of present methods that members' agencies know.",
              "share", "up", "institutions", "measured", ending="mean"),
    Indicator("corruption_mean", "Corruption among officers", "capability",
              "Mean share of patrol effort that can be bought, of members.",
              "share", "down", "institutions", "measured", ending="last", by_scenario=True),
    Indicator("cost_total", "Cost to IGO and agencies", "costs",
              "What the IGO and the agencies spend.",
              "USD", "down", "measurement", "measured", shown="headline"),
    Indicator("cost_secretariat", "Cost of the coordinator", "costs",
              "Running cost of the coordinator.",
              "USD", "down", "measurement", "measured", by_scenario=True),
    Indicator("cost_items", "Cost of items exchanged", "costs",
              "Cost of the items exchanged.",
              "USD", "down", "measurement", "measured"),
    Indicator("cost_operations", "Cost of operations", "costs",
              "Cost of operations.",
              "USD", "down", "measurement", "measured"),
    Indicator("cost_officers", "Cost of border officers", "costs",
              "Cost of border officers and of the countries' own training.",
              "USD", "down", "measurement", "measured", by_scenario=True),
    Indicator("funds_unabsorbed", "Funds not absorbed", "costs",
              "Funds of the programme that countries could not put to use.",
              "USD", "down", "institutions", "measured", by_scenario=True),
    Indicator("funds_misspent", "Funds misspent", "costs",
              "Funds of the programme that were misspent.",
              "USD", "down", "institutions", "measured", by_scenario=True),
    Indicator("budget_moved", "Funds moved between instruments", "costs",
              "Yearly funds that evaluations moved between instruments.",
              "USD", "neither", "institutions", "measured"),
    Indicator("reports_published", "Evaluations published", "costs",
              "Yearly evaluations that were published.",
              "reports", "up", "institutions", "counted"),
    *(
        Indicator(f"cost_{short_name(key)}", f"Cost of {short_name(key).replace('_', ' ')}",
                  "costs", f"Funds of the instrument {key}.",
                  "USD", "down", "measurement", "measured", by_scenario=True)
        for key in instruments()
    ),
)  # fmt: skip

INDICATORS: dict[str, Indicator] = {one.name: one for one in _ALL}
HEADLINES = tuple(one.name for one in _ALL if one.shown == "headline")
MAIN = tuple(one.name for one in _ALL if one.shown)

MOVED = Indicator(
    "displacement_from_base", "Flow that has moved", "flows",
    "Jensen-Shannon divergence (base 2) of flow shares by sector, last 52 weeks, between the two "
    "runs of a pair.",
    "bits", "neither", "movement", "compared", ending="once", shown="main",
)  # fmt: skip

_known: dict[str, Indicator] = INDICATORS | {MOVED.name: MOVED}
_owners: dict[str, str] = {}  # name of an indicator -> the mechanism that declared it


def known() -> Mapping[str, Indicator]:
    """All indicators by their names: the package's, and those that mechanisms have declared."""
    return _known


def declare(mechanism: str, indicators: Iterable[Indicator]) -> None:
    """Make the indicators of a mechanism known; those that it declared before are forgotten.

    Raises
    ------
    InputError
        Another indicator has that name.
    """
    new = {one.name: one for one in indicators}
    for name in new:
        if name in _known and _owners.get(name) != mechanism:
            raise InputError(_(
                "mechanism {mechanism}: indicator {name}: another one has this name, {label}; "
                "choose another name.",
                mechanism=repr(mechanism), name=repr(name), label=repr(_known[name].label),
            ))  # fmt: skip
    for name in [name for name, owner in _owners.items() if owner == mechanism]:
        del _known[name], _owners[name]
    _known.update(new)
    _owners.update(dict.fromkeys(new, mechanism))


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
    if plain not in _known:
        installed.load_all()
    if plain not in _known:
        raise InputError(f"indicator {name!r} does not exist{nearest(plain, _known)}.")
    return _known[plain]


def of_a_run(name: str) -> Indicator:
    """The same, of what a run alone can have.

    Raises
    ------
    InputError
        If there is no such indicator, or only pairs of runs have it.
    """
    one = indicator_of(name)
    if one.source == "compared":
        raise InputError(_("indicator {name} is of a pair of runs; a run alone does not have it.",
                           name=repr(name)))  # fmt: skip
    return one


def label_of(name: str) -> str:
    """What people read for a reported name; what stands in brackets follows a comma.

    Raises
    ------
    InputError
        If there is no such indicator.
    """
    label, inside = indicator_of(name).label, name.partition("[")[2].removesuffix("]")
    return f"{label}, {inside.replace('_', ' ')}" if inside else label


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
