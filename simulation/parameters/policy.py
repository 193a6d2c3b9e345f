"""What policies can set, with the assumptions behind each instrument."""

from tocsin.simulation.parameters.declaring import (
    PROTOTYPE,
    Allocation,
    Group,
    Mandate,
    assumption,
    instrument,
    lever,
)


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
    prediction_rate: float = assumption(
        0.05, "Probability, at full analytic capability, that a shared seizure lets the hub "
        "predict a route.", unit="probability", low=0, high=1,
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
    faded: float = assumption(
        0.05, "Interest in a tip below which an agency forgets it.",
        unit="share", low=0.0001, high=1,
    )  # fmt: skip
    patience_weeks: int = assumption(
        4, "Weeks in which a watch on a received tip is to lead to a seizure.",
        unit="weeks", low=1, high=52,
    )  # fmt: skip
    first_watches: float = assumption(
        20.0, "Watches that an agency has in mind before its first; the weight of what it expects.",
        unit="watches", low=1, high=500,
    )  # fmt: skip
    first_hits: float = assumption(
        1.0, "How many of these led to a seizure.", unit="watches", low=0.01, high=500
    )
    partner_trust_most: float = assumption(
        1.5, "How much more than its own tips an agency may trust those of partners.",
        unit="factor", low=0, high=20,
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
    heat_least_effort: float = assumption(
        0.05, "Patrol effort below which a seizure draws patrols no more than at this effort.",
        unit="effort", low=0.001, high=1,
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
    support_gain: float = assumption(
        3.0, "How many times as likely full support makes ratification, beyond once.",
        unit="factor", low=0, high=20,
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
    evaluation_half_musd: float = assumption(
        0.5, "Yearly funds for evaluation at which the noise of its estimates has halved.",
        unit="million USD a year", low=0.01, high=50,
    )  # fmt: skip
    donors_least: float = assumption(
        0.5, "Least that donors leave of the planned funds.", unit="factor", low=0.05, high=1
    )
    donors_most: float = assumption(
        1.5, "Most that donors make of the planned funds.", unit="factor", low=1, high=10
    )
