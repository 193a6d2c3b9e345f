"""The table of parameters: every number of the model, declared once.

A parameter has a unit, bounds, a default, a *kind* (``lever``: what a policy can set;
``assumption``: behaviour that no study has measured for this use; ``structure``: map,
commodities, networks, records), a *source* (or the word "assumption") and a meaning in one
sentence. Validation, documentation, sliders, sampler ranges and reports are derived from here.

Keys are dotted, ``group.key``; rows about one country, pair, network or commodity carry its
name in the middle: ``countries.TJK.capability``, ``pairs.TJK-UZB.trust``,
``networks.N07.members``, ``commodities.heroin.supply_per_year``.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

Kind = Literal["lever", "assumption", "structure"]
Mandate = Literal["share", "coordinate", "operate"]
Allocation = Literal["equal", "need", "threat", "performance"]

ASSUMPTION = "assumption"
FUNDS = "_musd_per_year"
PROTOTYPE = "assumption; value that gave a stable core in the design study"


def _declare(
    kind: Kind,
    default: Any,
    meaning: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    source: str = ASSUMPTION,
    mandate: Mandate | None = None,
) -> Any:
    """One row of the table; a default of ``...`` means that the scenario must give the value."""
    return Field(
        default=default,
        description=meaning,
        ge=low,
        le=high,
        json_schema_extra={"kind": kind, "unit": unit, "source": source, "mandate": mandate},
    )


def lever(default: Any, meaning: str, **row: Any) -> Any:
    """Declare what a policy can set."""
    return _declare("lever", default, meaning, **row)


def assumption(default: Any, meaning: str, **row: Any) -> Any:
    """Declare behaviour that is uncertain; studies sample it between its bounds."""
    return _declare("assumption", default, meaning, **row)


def instrument(meaning: str, **row: Any) -> Any:
    """Declare the yearly funds of one instrument of the coordinator; nothing by default."""
    return _declare(
        "lever", 0.0, meaning, unit="million USD a year", low=0, high=200,
        source="assumption; an instrument that nobody pays for does nothing", **row,
    )  # fmt: skip


def structure(default: Any, meaning: str, **row: Any) -> Any:
    """Declare a property of the world, or of how a run is recorded."""
    return _declare("structure", default, meaning, **row)


class Group(BaseModel):
    """Rows that share a prefix. Frozen: a changed value is a new object."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Cooperation(Group):
    """What members have agreed to do together."""

    mandates: tuple[Mandate, ...] = lever(
        ("share",), "What members allow the coordinator: share, coordinate, operate."
    )
    sharing: float = lever(
        0.5, "Share of its items that the agreement asks of a member.",
        unit="share", low=0, high=1, mandate="share",
    )  # fmt: skip
    exercises_musd_per_year: float = instrument(
        "Joint exercises and language training, which bring officers of a pair closer."
    )
    task_forces_musd_per_year: float = instrument(
        "Joint task forces on networks that touch several members.", mandate="coordinate"
    )
    command: float = lever(
        0.7, "Clarity of command in joint task forces.", unit="share", low=0, high=1,
    )  # fmt: skip
    overlap: float = lever(
        0.2, "Overlap of mandates among those who run joint operations; effort lost on turf.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    task_force_weeks: int = assumption(
        52, "Weeks that a joint task force stays on one network.", unit="weeks", low=4, high=260
    )
    task_force_case: float = assumption(
        3.0, "Evidence of a member from which its file makes it a party to a joint task force.",
        unit="seizures", low=0.1, high=100,
    )  # fmt: skip
    joint_rate: float = assumption(
        0.02, "Weekly hazard of a joint operation on a full common file under perfect command.",
        unit="per week", low=0, high=0.5,
    )  # fmt: skip
    item_effort: float = assumption(
        0.1, "Officer-weeks that a member spends to write up one shared item.",
        unit="officer-weeks", low=0, high=20,
    )  # fmt: skip


class Intelligence(Group):
    """The hub and what happens to an item on its way (M5)."""

    delay_weeks: int = lever(
        12, "Weeks from report to release by the hub on the police channel.",
        unit="weeks", low=0, high=104,
    )  # fmt: skip
    accuracy: float = lever(
        0.9, "Probability that an item names the route that the shipment took.",
        unit="probability", low=0, high=1,
    )  # fmt: skip
    interoperability: float = lever(
        0.9, "Probability that a released item can be read by a partner's systems.",
        unit="probability", low=0, high=1,
    )  # fmt: skip
    confidentiality: float = lever(
        0.8, "How well the channel keeps shared items from those who would sell them.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    liaison_musd_per_year: float = instrument(
        "Liaison officers, who hand on part of the items beside the police channel.",
        mandate="share",
    )  # fmt: skip
    analysis_musd_per_year: float = instrument(
        "Analysts and databases at the hub: suspects, trends, prediction of routes.",
        mandate="share",
    )  # fmt: skip
    liaison_weeks: int = assumption(
        2, "Weeks that an item takes through a liaison officer.", unit="weeks", low=0, high=26
    )
    liaison_half_musd: float = assumption(
        3.0, "Yearly funds at which liaison officers carry half of the items.",
        unit="million USD a year", low=0.1, high=50,
    )  # fmt: skip
    analysis_half_musd: float = assumption(
        3.0, "Yearly funds at which the hub reaches half of the possible analytic capability.",
        unit="million USD a year", low=0.1, high=50,
    )  # fmt: skip
    analysis_build_weeks: float = assumption(
        52.0, "Time in which analytic capability comes half of the way to what funds allow.",
        unit="weeks", low=4, high=520,
    )  # fmt: skip
    prediction_weight: float = assumption(
        0.5, "Weight of the hub's prediction in patrol plans at full analytic capability.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    leak_rate: float = assumption(
        0.5, "Probability that a reader in a wholly corrupt agency sells an unprotected item.",
        unit="probability", low=0, high=1,
    )  # fmt: skip
    warning: float = assumption(
        4.0, "Losses that a warning feels like, on each sector that the leaked item names.",
        unit="shipments", low=0, high=50,
    )  # fmt: skip
    leak_noticed: float = assumption(
        0.5, "Probability that the sender of a leaked item finds out who leaked it.",
        unit="probability", low=0, high=1,
    )  # fmt: skip
    disclosure: float = assumption(
        0.04, "Probability, at capability 0.5, that a seizure reveals the network's route.",
        unit="probability", low=0, high=0.5, source=PROTOTYPE,
    )  # fmt: skip
    watch_places: int = assumption(
        20, "Pairs of network and sector that one agency can watch at a time.",
        unit="pairs", low=1, high=200, source=PROTOTYPE,
    )  # fmt: skip
    tip_half_life_weeks: float = assumption(
        4.0, "Time in which an agency's interest in a tip halves.",
        unit="weeks", low=1, high=52, source=PROTOTYPE,
    )  # fmt: skip
    dry_watch: float = assumption(
        0.75, "What is left of a watch's score after a week without a seizure.",
        unit="share", low=0, high=1, source=PROTOTYPE,
    )  # fmt: skip
    yield_memory_weeks: float = assumption(
        26.0, "Memory with which an agency learns how often its partners' tips come true.",
        unit="weeks", low=4, high=208, source=PROTOTYPE,
    )  # fmt: skip


class Capacity(Group):
    """The capacity-building programme (M12)."""

    funding_musd_per_year: float = lever(
        0.0, "Money for training, tools and advice, all members together.",
        unit="million USD a year", low=0, high=200,
    )  # fmt: skip
    allocation: Allocation = lever(
        "equal", "How the programme is split: equal, by need, by threat or by performance."
    )
    duration_weeks: int = lever(
        5200, "Week after which the programme ends.", unit="weeks", low=0, high=5200
    )
    tools_share: float = lever(
        0.25, "Share of the programme for forensic and cyber tools, the rest trains officers.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    absorption_musd: float = assumption(
        20.0, "Yearly funds that one country could put to use if its capability were 1.",
        unit="million USD a year", low=1, high=200,
    )  # fmt: skip
    half_effect_musd: float = assumption(
        5.0, "Yearly funds of one country at which half of the possible effect is reached.",
        unit="million USD a year", low=0.5, high=50, source=PROTOTYPE,
    )  # fmt: skip
    lag_weeks: int = assumption(
        26, "Weeks from money to a trained officer in the field.",
        unit="weeks", low=0, high=104, source=PROTOTYPE,
    )  # fmt: skip
    build_rate: float = assumption(
        0.008, "Weekly approach to the ceiling at full effect.",
        unit="per week", low=0, high=0.05, source=PROTOTYPE,
    )  # fmt: skip
    ceiling: float = assumption(
        0.95, "Highest capability that training can reach.",
        unit="capability", low=0.5, high=1, source=PROTOTYPE,
    )  # fmt: skip
    half_life_weeks: float = assumption(
        104.0, "Time in which the gain over a country's own baseline halves without funds.",
        unit="weeks", low=52, high=208,
        source="assumption; the design asks for 12-48 months",
    )  # fmt: skip


class Operations(Group):
    """How officers are placed: by agencies (M4), and in rapid response units (M16)."""

    patrol_budget: float = lever(
        1.0, "Officers on the border relative to the country's profile.",
        unit="factor", low=0, high=5,
    )  # fmt: skip
    unpredictability: float = lever(
        0.10, "Share of patrol effort that is placed at random.", unit="share", low=0, high=0.65
    )
    rapid_response_musd_per_year: float = instrument(
        "Rapid response units, sent to sectors on fresh news.", mandate="operate"
    )
    response_lead_weeks: int = lever(
        1, "Weeks from fresh news to a unit on the spot.", unit="weeks", low=0, high=26
    )
    response_stay_weeks: int = lever(4, "Weeks that a unit stays.", unit="weeks", low=1, high=52)
    response_fresh_weeks: int = assumption(
        8, "Age up to which news counts as fresh for a rapid response unit.",
        unit="weeks", low=1, high=104,
    )  # fmt: skip
    unit_officers: float = assumption(
        40.0, "Officers of one rapid response unit.", unit="officers", low=1, high=1000
    )
    floor: float = assumption(
        0.35, "Share of patrol effort spread evenly along the border.",
        unit="share", low=0.05, high=0.35, source=PROTOTYPE,
    )  # fmt: skip
    redraw_weeks: int = assumption(
        4, "Weeks after which random patrols move on.", unit="weeks", low=1, high=52
    )
    heat_half_life_weeks: float = assumption(
        13.0, "Half-life of the memory of own seizures per unit of effort.",
        unit="weeks", low=2, high=104, source=PROTOTYPE,
    )  # fmt: skip


class Detection(Group):
    """The hazard of being found (M1)."""

    hazard: float = assumption(
        0.08, "Hazard of one sector at reference density and full capability.",
        unit="per sector", low=0.01, high=0.5, source=PROTOTYPE,
    )  # fmt: skip
    watch_hazard: float = assumption(
        0.35, "Hazard that a watch with a valid tip adds at full capability.",
        unit="per sector", low=0, high=2, source=PROTOTYPE,
    )  # fmt: skip
    stale_match: float = assumption(
        0.1, "What a tip is still worth once the network has changed its modus operandi.",
        unit="share", low=0, high=1, source=PROTOTYPE,
    )  # fmt: skip
    cyber_reference: float = assumption(
        20.0, "Cyber investigators of a country at which effort at its three stations is 1.",
        unit="officers", low=0.1, high=10_000,
    )  # fmt: skip
    reference_density: float = assumption(
        1.0, "Officers a kilometre of border at which patrol effort is 1.",
        unit="officers/km", low=0.05, high=20,
    )  # fmt: skip


class Innovation(Group):
    """The race between concealment and method (M9)."""

    rate: float = assumption(
        0.10, "Weekly approach of a network to its best concealment, per unit of its loss rate.",
        unit="per week", low=0, high=1,
    )  # fmt: skip
    most: float = assumption(
        2.0, "Best concealment that a network can reach, as a divisor of the hazard.",
        unit="factor", low=1, high=10,
    )  # fmt: skip
    fade_weeks: float = assumption(
        104.0, "Half-life of concealment that nobody presses for.",
        unit="weeks", low=8, high=1040,
    )  # fmt: skip
    method_weeks: float = assumption(
        26.0, "Time in which an agency comes half of the way to the methods it could know.",
        unit="weeks", low=2, high=260,
    )  # fmt: skip
    tools_half_musd: float = assumption(
        2.0, "Yearly funds for tools at which a country learns half of what it does not know.",
        unit="million USD a year", low=0.1, high=50,
    )  # fmt: skip


class Beliefs(Group):
    """What networks think of the risk of a sector (M2)."""

    prior_risk: float = assumption(
        0.05, "Risk of a sector that a network knows nothing of.",
        unit="probability", low=0.001, high=0.5, source=PROTOTYPE,
    )  # fmt: skip
    prior_weight: float = assumption(
        20.0, "Weight of the prior, as a number of crossings.",
        unit="crossings", low=1, high=500, source=PROTOTYPE,
    )  # fmt: skip
    half_life_weeks: float = assumption(
        26.0, "Half-life of experience, which fades back to the prior.",
        unit="weeks", low=4, high=208, source=PROTOTYPE,
    )  # fmt: skip
    rumour: float = assumption(
        0.10, "Weight of what other networks believe.",
        unit="share", low=0, high=0.9, source=PROTOTYPE,
    )  # fmt: skip
    known_bribes: bool = assumption(
        True, "Whether networks know where officers can be bought before they have tried."
    )
    operation_alarm: float = assumption(
        2.0, "Losses that an operation feels like, on each sector of the country that ran it.",
        unit="shipments", low=0, high=50,
    )  # fmt: skip


class Trafficking(Group):
    """How networks choose routes and volumes (M3)."""

    review_weeks: int = assumption(
        4, "Weeks between two reviews of a network's routes.", unit="weeks", low=1, high=26
    )
    inertia: float = assumption(
        0.10, "Weekly step of the shares towards their target.",
        unit="per week", low=0.005, high=1, source=PROTOTYPE,
    )  # fmt: skip
    temperature: float = assumption(
        0.015, "Noise of the logit choice, relative to the price at the market.",
        unit="share of price", low=0.001, high=0.2, source=PROTOTYPE,
    )  # fmt: skip
    taste: float = assumption(
        0.025, "Scale of lasting likings for a route (contacts, kin), relative to price.",
        unit="share of price", low=0, high=0.2, source=PROTOTYPE,
    )  # fmt: skip
    taste_life_weeks: float = assumption(
        52.0, "Mean time until contacts on a route turn over.",
        unit="weeks", low=4, high=520, source=PROTOTYPE,
    )  # fmt: skip
    known_at_start: int = assumption(
        3, "Routes to each of its markets that a network knows at the start.",
        unit="routes", low=1, high=50, source=PROTOTYPE,
    )  # fmt: skip
    known_at_most: int = assumption(
        16, "Routes that a network can keep up.", unit="routes", low=1, high=100, source=PROTOTYPE
    )
    discovery: int = assumption(
        2, "New routes sought at a review when losses exceed the tolerance.",
        unit="routes", low=0, high=8,
        source="assumption; NarcoLogic allows at most 8 a month",
    )  # fmt: skip
    loss_memory_weeks: float = assumption(
        13.0, "Half-life of a network's memory of its loss rate.", unit="weeks", low=2, high=104
    )
    loss_tolerance: float = assumption(
        0.05, "Share of shipments lost above which a network seeks new routes.",
        unit="share", low=0, high=1, source="NarcoLogic, about 5 % of revenue",
    )  # fmt: skip
    forget_below: float = assumption(
        0.005, "A route that carries less than this share is given up when losses are low.",
        unit="share", low=0, high=0.2,
    )  # fmt: skip
    volume_exponent: float = assumption(
        0.5, "Response of volume to the expected margin.", unit="", low=0, high=2, source=PROTOTYPE
    )
    volume_cap: float = assumption(
        1.5, "Largest volume relative to capacity.", unit="factor", low=1, high=5, source=PROTOTYPE
    )
    activity_sd: float = assumption(
        0.4, "Spread of a network's weekly activity (standard deviation of the logarithm).",
        unit="ln", low=0, high=1.5,
    )  # fmt: skip
    modus_life_weeks: float = assumption(
        104.0, "Mean life of a modus operandi without losses.",
        unit="weeks", low=8, high=1040, source=PROTOTYPE,
    )  # fmt: skip
    modus_loss_hazard: float = assumption(
        0.15, "Weekly hazard of a new modus operandi per unit of the recent loss rate.",
        unit="per week", low=0, high=2, source=PROTOTYPE,
    )  # fmt: skip
    transport_usd_per_km: float = assumption(
        0.5, "Cost of moving one kilogram over one kilometre of open plain.",
        unit="USD per kg and km", low=0, high=20,
    )  # fmt: skip
    bribe_share: float = assumption(
        0.15, "Margin that is paid to officers who can be bought, where all of them can.",
        unit="share of margin", low=0.05, high=0.4,
        source="assumption; the design gives 0.05-0.4 of the margin",
    )  # fmt: skip


class Organisation(Group):
    """Members of a network, their loss and their replacement (M8)."""

    split: float = assumption(
        0.4, "Probability that a network splits when its last leader is arrested.",
        unit="probability", low=0, high=1, source="assumption; the design gives 0.2-0.9",
    )  # fmt: skip

    members: int = assumption(
        60, "Members of a usual network at full strength.", unit="persons", low=5, high=500
    )
    size_ln_sd: float = assumption(
        0.4, "Spread of the sizes of networks (standard deviation of the logarithm).",
        unit="ln", low=0, high=1.5,
    )  # fmt: skip
    refill_weeks: float = assumption(
        40.0, "Mean time until an empty place is filled.",
        unit="weeks", low=4, high=520, source=PROTOTYPE,
    )  # fmt: skip
    entry_weeks: float = assumption(
        60.0, "Mean time until an ended network is succeeded, at the usual margin.",
        unit="weeks", low=4, high=1040, source=PROTOTYPE,
    )  # fmt: skip
    capital_weeks: float = assumption(
        26.0, "Capital at the start, in weeks of expected margin.", unit="weeks", low=1, high=520
    )
    overhead: float = assumption(
        0.35, "Pay of the members and other fixed costs, as a share of the usual margin.",
        unit="share of margin", low=0, high=1,
    )  # fmt: skip
    payout: float = assumption(
        0.05, "Weekly share of the capital above its first level that owners take out.",
        unit="per week", low=0, high=1,
    )  # fmt: skip


class Investigation(Group):
    """From evidence to operations (M7)."""

    evidence_half_life_weeks: float = assumption(
        39.0, "Time in which evidence on a network loses half of its use.",
        unit="weeks", low=8, high=208, source=PROTOTYPE,
    )  # fmt: skip
    foreign_weight: float = assumption(
        0.4, "What a partner's seizure is worth as a lead, at full legal compatibility.",
        unit="share", low=0, high=1, source=PROTOTYPE,
    )  # fmt: skip
    court_weight: float = assumption(
        0.4, "What the evidence itself adds when legal assistance has brought it.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    case_threshold: float = assumption(
        35.0, "Evidence at which half of the agency's readiness to act is reached.",
        unit="seizures", low=1, high=500, source=PROTOTYPE,
    )  # fmt: skip
    operation_rate: float = assumption(
        0.01, "Weekly hazard of an operation on a full case at capability 0.5.",
        unit="per week", low=0, high=0.2, source=PROTOTYPE,
    )  # fmt: skip
    own_analysis: float = assumption(
        0.3, "Part of the analysis of suspects that an agency can do without the hub.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    covert_yield: float = assumption(
        0.1, "Evidence that a sale on a market under covert control gives to its host.",
        unit="seizures", low=0, high=1,
    )  # fmt: skip
    spoiled_trust: float = assumption(
        10.0, "Losses that the end of covert control feels like to those who sold there.",
        unit="sales", low=0, high=200,
    )  # fmt: skip
    arrest_share: float = assumption(
        0.35, "Share of members that an operation arrests at capability 0.5.",
        unit="share", low=0, high=1, source=PROTOTYPE,
    )  # fmt: skip
    evidence_used: float = assumption(
        0.7, "Share of the case file that an operation uses up.",
        unit="share", low=0, high=1, source=PROTOTYPE,
    )  # fmt: skip
    dismantling: float = assumption(
        0.15, "Probability that an operation that leaves nobody free ends the network.",
        unit="probability", low=0, high=1, source=PROTOTYPE,
    )  # fmt: skip


class Legal(Group):
    """Treaties, ratification, review, and formal legal assistance (M14)."""

    mla_weeks: int = lever(
        52, "Weeks of formal legal assistance between two countries of half compatible law.",
        unit="weeks", low=0, high=104,
        source="assumption; formal legal assistance takes 6 to 24 months",
    )  # fmt: skip
    treaty: bool = lever(False, "Whether a common instrument is open for ratification.")
    provisions: float = lever(
        0.4, "How far the instrument goes: the gap in law that it closes between two parties.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    review: float = lever(
        0.0, "How closely compliance of the parties is reviewed.", unit="share", low=0, high=1
    )
    harmonisation_musd_per_year: float = instrument(
        "Model laws, legal advice and support for ratification."
    )
    harmonisation_half_musd: float = assumption(
        2.0, "Yearly funds at which support for ratification has half of its effect.",
        unit="million USD a year", low=0.1, high=50,
    )  # fmt: skip
    ratification_weeks: float = assumption(
        156.0, "Mean time to ratification at full political will and no concern for sovereignty.",
        unit="weeks", low=13, high=2000,
    )  # fmt: skip
    compliance_weeks: float = assumption(
        104.0, "Time in which practice comes half of the way to what a party has signed.",
        unit="weeks", low=4, high=520,
    )  # fmt: skip


class Governance(Group):
    """Integrity, advocacy, evaluation and audit (M10, M17, M18)."""

    integrity_musd_per_year: float = instrument(
        "Integrity programmes, which make officers harder to buy."
    )
    advocacy_musd_per_year: float = instrument(
        "Public awareness and advocacy, for tips from the public and political will."
    )
    evaluation_musd_per_year: float = instrument(
        "Monitoring and evaluation; without it the coordinator cannot tell what worked."
    )
    flexibility: float = lever(
        0.0, "Share of the budget that may be moved after a yearly evaluation; 0 is rigid.",
        unit="share", low=0, high=0.5,
    )  # fmt: skip
    transparency: float = lever(
        0.5, "How much of evaluation and audit is published.", unit="share", low=0, high=1
    )
    audit: float = lever(
        0.0, "Share of each year's funds that is audited.", unit="share", low=0, high=1
    )
    integrity_half_musd: float = assumption(
        5.0, "Yearly funds of one country at which integrity programmes have half of their "
        "effect.", unit="million USD a year", low=0.1, high=50,
    )  # fmt: skip
    integrity_most: float = assumption(
        0.5, "Share of bought effort that integrity programmes can win back.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    integrity_half_life_weeks: float = assumption(
        104.0, "Time in which officers come half of the way to what integrity programmes allow.",
        unit="weeks", low=13, high=520,
    )  # fmt: skip
    advocacy_half_musd: float = assumption(
        3.0, "Yearly funds at which advocacy reaches half of the public.",
        unit="million USD a year", low=0.1, high=50,
    )  # fmt: skip
    advocacy_half_life_weeks: float = assumption(
        52.0, "Time in which awareness comes half of the way to what funds allow, or fades.",
        unit="weeks", low=4, high=520,
    )  # fmt: skip
    public_tips_per_year: float = assumption(
        2.0, "Tips from the public that a country of average flow can use, unaware public.",
        unit="tips a year", low=0, high=500,
    )  # fmt: skip
    public_tips_most: float = assumption(
        10.0, "Factor on tips from the public when everybody is aware.",
        unit="factor", low=1, high=100,
    )  # fmt: skip
    public_accuracy: float = assumption(
        0.5, "Probability that a tip from the public names a route in use.",
        unit="probability", low=0, high=1,
    )  # fmt: skip
    will_gain: float = assumption(
        0.4, "Share of the gap to full political will that awareness can close.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    misspending: float = assumption(
        0.3, "Share of funds that a wholly corrupt recipient would misspend.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    donor_response: float = assumption(
        0.1, "Change of next year's funds for all targets met or missed, fully published.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    publication_trust: float = assumption(
        0.02, "Step towards full trust, or away from it, by a published evaluation or audit.",
        unit="per year", low=0, high=0.5,
    )  # fmt: skip
    ambition: float = assumption(
        0.05, "Yearly improvement that the coordinator sets itself as a target.",
        unit="share", low=0, high=1,
    )  # fmt: skip


class Trust(Group):
    """Willingness between partners, and how it is earned (M13)."""

    payoff: float = assumption(
        0.005, "Weekly step of a member's effort to share, up if what partners gave back in "
        "seizures exceeds what the work cost in seizures, down if not.",
        unit="per week", low=0, high=0.2,
    )  # fmt: skip
    least_effort: float = assumption(
        0.3, "Share of the agreed effort that even a disappointed member keeps up.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    leak_loss: float = assumption(
        0.1, "Step of trust away from a partner who leaked an item.",
        unit="per leak", low=0, high=1,
    )  # fmt: skip
    exercise_half_musd: float = assumption(
        3.0, "Yearly funds at which exercises close half of the cultural distance of pairs.",
        unit="million USD a year", low=0.1, high=50,
    )  # fmt: skip
    exercise_half_life_weeks: float = assumption(
        104.0, "Time in which pairs come half of the way to what exercises allow, or drift off.",
        unit="weeks", low=13, high=520,
    )  # fmt: skip

    initial: float = assumption(
        0.5, "Trust of a pair of members at the start.", unit="trust", low=0, high=1
    )
    gain: float = assumption(
        0.05, "Step towards full trust for each seizure owed to a partner's tip.",
        unit="per seizure", low=0, high=0.5,
    )  # fmt: skip
    reciprocity: float = assumption(
        0.02, "Weekly pull of trust towards what the partner gives, relative to what it gets.",
        unit="per week", low=0, high=0.2,
    )  # fmt: skip
    memory_weeks: float = assumption(
        104.0, "Half-life with which trust falls back to its first level.",
        unit="weeks", low=13, high=520,
    )  # fmt: skip
    weight_trust: float = assumption(
        3.0, "Effect of trust on the log-odds to share.", unit="log-odds", low=0, high=10
    )
    weight_legal: float = assumption(
        1.0, "Effect of legal compatibility on the log-odds to share.",
        unit="log-odds", low=0, high=10,
    )  # fmt: skip
    weight_language: float = assumption(
        0.5, "Effect of a common language on the log-odds to share.",
        unit="log-odds", low=0, high=10,
    )  # fmt: skip
    weight_will: float = assumption(
        1.5, "Effect of political will on the log-odds to share.",
        unit="log-odds", low=0, high=10,
    )  # fmt: skip
    weight_sovereignty: float = assumption(
        1.5, "Effect of concern for sovereignty on the log-odds to share (taken off).",
        unit="log-odds", low=0, high=10,
    )  # fmt: skip
    constant: float = assumption(
        -0.5, "Log-odds to share of a pair with nothing in its favour.",
        unit="log-odds", low=-10, high=10,
    )  # fmt: skip


class Market(Group):
    """Prices at the market (M11)."""

    smoothing_weeks: float = assumption(
        13.0, "Half-life with which the market sees the delivered quantity.",
        unit="weeks", low=1, high=104, source=PROTOTYPE,
    )  # fmt: skip
    price_floor: float = assumption(
        0.3, "Lowest price relative to the usual one.", unit="factor", low=0.05, high=1
    )
    price_ceiling: float = assumption(
        5.0, "Highest price relative to the usual one.", unit="factor", low=1, high=50
    )


class Costs(Group):
    """What cooperation and enforcement cost."""

    hub_musd_per_year: float = assumption(
        2.0, "Running cost of the coordinator's secretariat.",
        unit="million USD a year", low=0, high=50,
    )  # fmt: skip
    item_usd: float = assumption(
        500.0, "Cost of one item on the slowest channel.", unit="USD", low=0, high=100_000
    )
    fast_item_usd: float = assumption(
        5_000.0, "Added cost of one item on a channel without any delay; falls as 1/(1 + weeks).",
        unit="USD", low=0, high=1_000_000,
    )  # fmt: skip
    operation_usd: float = assumption(
        200_000.0, "Cost of one operation against a network.", unit="USD", low=0, high=10_000_000
    )
    task_force_musd: float = assumption(
        2.0, "Yearly cost of one joint task force.", unit="million USD", low=0.1, high=100
    )
    response_unit_musd: float = assumption(
        2.0, "Yearly cost of one rapid response unit.", unit="million USD", low=0.1, high=100
    )


class Channels(Group):
    """Ways by which policy reaches the field; closing one is a counterfactual, not a policy."""

    shared_tips: bool = structure(
        True, "Whether partners' tips can be watched; false only to attribute an effect."
    )
    shared_evidence: bool = structure(
        True, "Whether partners' evidence enters case files; false only to attribute an effect."
    )
    training: bool = structure(
        True, "Whether training raises capability; false only to attribute an effect."
    )


class Geography(Group):
    """What terrain does to those who cross it."""

    plain: float = structure(1.0, "Effort to cross a kilometre of plain (the unit).",
                             unit="factor", low=0.1, high=20)  # fmt: skip
    hill: float = structure(1.6, "The same on hills.", unit="factor", low=0.1, high=20)
    mountain: float = structure(3.0, "The same on mountains.", unit="factor", low=0.1, high=20)
    desert: float = structure(1.8, "The same in desert.", unit="factor", low=0.1, high=20)
    road: float = structure(0.6, "The same on a road, in a town or at a crossing.",
                            unit="factor", low=0.1, high=20)  # fmt: skip
    sea: float = structure(1.2, "The same by small boat.", unit="factor", low=0.1, high=20)
    shipping: float = structure(
        0.3, "The same at sea for commodities that go by ship.", unit="factor", low=0.05, high=20
    )
    green_border_km: float = structure(
        40.0, "Effort of a border away from official crossings and ports, as a distance.",
        unit="km", low=0, high=2000,
    )  # fmt: skip
    visibility_crossing: float = structure(
        1.4, "Hazard at an official crossing or a port, relative to open plain.",
        unit="factor", low=0.1, high=10,
    )  # fmt: skip
    visibility_road: float = structure(
        1.1, "The same on a road or in a town.", unit="factor", low=0.1, high=10
    )
    visibility_sea: float = structure(
        0.6, "Hazard at a coast for commodities that go by ship, relative to small boats.",
        unit="factor", low=0.05, high=10,
    )  # fmt: skip
    visibility_rough: float = structure(
        0.7, "The same on hills, mountains and in desert.", unit="factor", low=0.1, high=10
    )


class World(Group):
    """The map and what is generated on it."""

    map: str = structure(..., "Map file, by name or by path beside the scenario file.")
    weeks: int = structure(520, "Length of a run.", unit="weeks", low=1, high=5200)
    sector_km: float = structure(
        100.0, "Length of a border sector.", unit="km", low=1, high=2000, source=PROTOTYPE
    )
    networks: int = structure(30, "Trafficking networks.", unit="networks", low=1, high=10_000)
    routes_per_pair: int = structure(
        15, "Candidate routes from a source to a market.",
        unit="routes", low=1, high=100, source=PROTOTYPE,
    )  # fmt: skip
    markets_per_network: int = structure(
        2, "Markets that a network can serve.", unit="markets", low=1, high=50, source=PROTOTYPE
    )
    second_trades: float = structure(
        0.0, "Share of networks that trade in a second commodity, where there are several.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    detour: float = structure(
        0.6, "Added effort, relative, of a sector that an earlier candidate route uses.",
        unit="share", low=0.01, high=10,
    )  # fmt: skip


class Measurement(Group):
    """What is recorded, and from when."""

    from_week: int = structure(
        105, "First week of the window of rates, ages, prices and trust.",
        unit="week", low=1, high=5200,
    )  # fmt: skip
    headline: str = structure("heroin", "Commodity that plain indicator names stand for.")


class Country(Group):
    """The profile of one country and its agency."""

    name: str = structure(..., "Name of the country.")
    member: bool = lever(True, "Whether the country has joined the coordinator.")
    officers: float = structure(
        ..., "Border officers on duty.", unit="officers", low=0, high=1_000_000
    )
    officer_usd_per_year: float = structure(
        20_000.0, "Cost of one officer.", unit="USD a year", low=0, high=500_000
    )
    capability: float = structure(
        ..., "Skill, tools and method of the agency at the start, and its own baseline.",
        unit="capability", low=0, high=1,
    )  # fmt: skip
    corruption: float = structure(
        ..., "Share of patrol effort that can be bought.", unit="share", low=0, high=0.95
    )
    legal: float = structure(
        ..., "Strength of the legal framework (compatibility of a pair is the mean of both).",
        unit="index", low=0, high=1,
    )  # fmt: skip
    sovereignty: float = structure(
        0.5, "Concern for sovereignty.", unit="index", low=0, high=1
    )  # fmt: skip
    political_will: float = structure(0.5, "Political will to act.", unit="index", low=0, high=1)
    sharing: float | None = lever(
        None, "The member's own share of items, if it differs from the agreement's.",
        unit="share", low=0, high=1, mandate="share",
    )  # fmt: skip
    withholds_from: tuple[str, ...] = lever((), "Codes of the members that it tells nothing.")
    patrol_budget: float | None = lever(
        None, "Its own officers on the border relative to its profile, if they differ from "
        "`operations.patrol_budget`.", unit="factor", low=0, high=5,
    )  # fmt: skip
    own_training_musd: float = lever(
        0.0, "Its own money for training and tools, beside the coordinator's programme.",
        unit="million USD a year", low=0, high=50,
    )  # fmt: skip
    languages: tuple[str, ...] = structure((), "Languages in official use.")
    ratified: bool = lever(
        False, "Whether the country is bound by the common instrument, if that is open."
    )
    cyber_officers: float = structure(
        20.0, "Investigators of virtual markets.", unit="officers", low=0, high=100_000
    )

    def patrol_factor(self, rules: Operations) -> float:
        """Officers in service relative to the profile."""
        return rules.patrol_budget if self.patrol_budget is None else self.patrol_budget


class Pair(Group):
    """What one pair of countries has in common; empty values follow from the profiles."""

    trust: float | None = structure(
        None, "Trust at the start.", unit="trust", low=0, high=1
    )  # fmt: skip
    legal: float | None = structure(
        None, "Legal compatibility.", unit="index", low=0, high=1
    )  # fmt: skip
    common_language: bool | None = structure(None, "Whether officers share a language.")
    distance: float | None = structure(
        None, "Cultural distance at the start: 0 with a common language, 1 without.",
        unit="index", low=0, high=1,
    )  # fmt: skip


class Commodity(Group):
    """What is trafficked."""

    unit: Literal["kg", "persons", "USD"] = structure(
        "kg", "Unit in which people read amounts; persons are counted, never weighed or priced."
    )
    mode: Literal["land", "sea", "virtual"] = structure(
        "land", "How it moves: over land and short sea, by ship, or between jurisdictions."
    )
    sources: tuple[str, ...] = structure(
        ..., "Towns where it comes from; with mode virtual, countries that host markets."
    )
    markets: tuple[str, ...] = structure(
        ..., "Towns where it is sold on; with mode virtual, names of the markets."
    )
    victims: tuple[str, ...] = structure(
        (), "With mode virtual, countries whose people buy or are robbed; empty means all."
    )
    supply_per_year: float = structure(
        ..., "Supply of all sources at the usual margin.", unit="units", low=0, high=10_000_000_000
    )
    shipment_size: float = structure(
        ..., "Mean size of a shipment, group or sale.", unit="units", low=0.001, high=1_000_000
    )
    size_ln_sd: float = structure(
        1.4, "Spread of the sizes of shipments (standard deviation of the logarithm).",
        unit="ln", low=0, high=3,
        source="UNODC Individual Drug Seizures 2011-2016: 1.1-1.9 in cases of 100 g and more",
    )  # fmt: skip
    source_price: float = structure(
        ..., "Price at the source; for persons, what a network spends on each.",
        unit="USD per unit", low=0, high=10_000_000,
    )  # fmt: skip
    market_price: float = structure(
        ..., "Usual price at the market; for persons, the fee paid on arrival.",
        unit="USD per unit", low=0, high=10_000_000,
    )  # fmt: skip
    elasticity: float = structure(
        -0.5, "Price elasticity of demand.", unit="", low=-3, high=-0.1,
        source="assumption; the literature gives -0.2 to -1",
    )  # fmt: skip
    speed_km_per_week: float = structure(
        350.0, "Distance over open plain that a shipment covers in a week, storage included.",
        unit="km a week", low=10, high=20_000,
    )  # fmt: skip
    concealment: float = structure(
        1.0, "Divides the hazard of detection.", unit="factor", low=0.1, high=20
    )
    precursor: str | None = structure(None, "Commodity that is needed to make this one.")
    precursor_need: float = structure(
        0.5, "Response of supply to the quantity of the precursor that arrives.",
        unit="exponent", low=0, high=2,
    )  # fmt: skip
    wreck: float = structure(
        0.0, "Persons only: probability that a boat is lost or in distress at an open coast.",
        unit="probability", low=0, high=0.5,
    )  # fmt: skip
    drowned: float = structure(
        0.2, "Persons only: share who die in a boat in distress where nobody patrols.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    turned_back: float = structure(
        0.5, "Persons only: share of stopped groups that are turned back at once.",
        unit="share", low=0, high=1,
    )  # fmt: skip


class Network(Group):
    """What is special about one generated network (N01, N02, ...)."""

    dormant: bool = structure(False, "A dormant network takes no part.")
    members: int | None = structure(
        None, "Members at full strength.", unit="persons", low=5, high=500
    )
    commodity: str | None = structure(None, "What it trades in.")
    second_commodity: str | None = structure(
        None, "What it trades in as well, with half of its members."
    )
    source: str | None = structure(None, "Town it buys in.")


class Parameters(Group):
    """All values of one scenario."""

    world: World
    measurement: Measurement = Measurement()
    cooperation: Cooperation = Cooperation()
    intelligence: Intelligence = Intelligence()
    capacity: Capacity = Capacity()
    operations: Operations = Operations()
    detection: Detection = Detection()
    beliefs: Beliefs = Beliefs()
    trafficking: Trafficking = Trafficking()
    organisation: Organisation = Organisation()
    investigation: Investigation = Investigation()
    innovation: Innovation = Innovation()
    legal: Legal = Legal()
    governance: Governance = Governance()
    trust: Trust = Trust()
    market: Market = Market()
    costs: Costs = Costs()
    channels: Channels = Channels()
    geography: Geography = Geography()
    countries: dict[str, Country]
    pairs: dict[str, Pair] = {}
    commodities: dict[str, Commodity]
    networks: dict[str, Network] = {}

    def network_ids(self) -> tuple[str, ...]:
        """Ids of the generated networks, N01 and so on."""
        digits = max(2, len(str(self.world.networks)))
        return tuple(f"N{n:0{digits}d}" for n in range(1, self.world.networks + 1))


COLLECTIONS: dict[str, type[Group]] = {
    "countries": Country,
    "pairs": Pair,
    "commodities": Commodity,
    "networks": Network,
}
GROUPS: dict[str, type[Group]] = {
    name: field.annotation
    for name, field in Parameters.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Group)
}


@dataclass(frozen=True)
class Row:
    """One parameter as people see it; `key` has ``*`` where a name belongs."""

    key: str
    kind: Kind
    type: str
    unit: str
    low: float | None
    high: float | None
    default: Any
    required: bool
    source: str
    mandate: Mandate | None
    meaning: str

    @property
    def status(self) -> Literal["assumed", "sourced"]:
        """Whether the default rests on a source or is an assumption."""
        return "assumed" if self.source.startswith(ASSUMPTION) else "sourced"


def _bound(field: FieldInfo, name: str) -> float | None:
    return next((getattr(m, name) for m in field.metadata if hasattr(m, name)), None)


def _type_name(annotation: Any) -> str:
    if isinstance(annotation, type):
        return annotation.__name__
    return str(annotation).replace("typing.", "")


def _row(key: str, field: FieldInfo) -> Row:
    extra: Any = field.json_schema_extra
    return Row(
        key=key,
        kind=extra["kind"],
        type=_type_name(field.annotation),
        unit=extra["unit"],
        low=_bound(field, "ge"),
        high=_bound(field, "le"),
        default=None if field.default is PydanticUndefined else field.default,
        required=field.is_required(),
        source=extra["source"],
        mandate=extra["mandate"],
        meaning=field.description or "",
    )


@cache
def instruments() -> tuple[str, ...]:
    """Dotted keys of the coordinator's instruments; what they sum to is its budget."""
    return tuple(row.key for row in table() if row.kind == "lever" and row.key.endswith(FUNDS))


@cache
def table() -> tuple[Row, ...]:
    """Every parameter, in the order of declaration."""
    rows = [
        _row(f"{group}.{key}", field)
        for group, model in GROUPS.items()
        for key, field in model.model_fields.items()
    ]
    rows += [
        _row(f"{collection}.*.{key}", field)
        for collection, model in COLLECTIONS.items()
        for key, field in model.model_fields.items()
    ]
    return tuple(rows)
