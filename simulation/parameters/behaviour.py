"""How networks, agencies, members and markets behave: assumptions, to be swept."""

from tocsin.simulation.parameters.declaring import PROTOTYPE, Group, assumption


class Detection(Group):
    """The hazard of being found (M1)."""

    hazard: float = assumption(
        0.16, "Hazard of one sector at reference density and full capability.",
        unit="per sector", low=0.01, high=0.5,
        source="assumption; set so that the teaching world intercepts about 15 %",
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
        40.0, "Cyber investigators of a country at which effort at its three stations is 1.",
        unit="officers", low=0.1, high=10_000,
    )  # fmt: skip
    reference_density: float = assumption(
        1.0, "Officers a kilometre of border at which patrol effort is 1.",
        unit="officers/km", low=0.05, high=20,
    )  # fmt: skip
    wreck_most: float = assumption(
        0.9, "Highest probability that a boat founders, however much a network hides.",
        unit="probability", low=0, high=0.999,
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
    heard_half_life_weeks: float = assumption(
        26.0, "Half-life of what an agency has heard of others' seizures, as a lesson in methods.",
        unit="weeks", low=1, high=260,
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
    usual_corruption: float = assumption(
        0.2, "Share of effort that can be bought at which the prior risk is as stated.",
        unit="share", low=0, high=0.95,
    )  # fmt: skip
    prior_most: float = assumption(
        0.95, "Highest risk that a network expects of a sector that it does not know.",
        unit="probability", low=0.05, high=0.999,
    )  # fmt: skip
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
        0.015, "Noise of the logit choice between ways to one market, relative to its price.",
        unit="share of price", low=0.001, high=0.2, source=PROTOTYPE,
    )  # fmt: skip
    market_temperature: float = assumption(
        0.2, "Noise of the logit choice between markets, relative to their usual price; far "
        "above that between ways, because buyers are harder to change than roads.",
        unit="share of price", low=0.01, high=2,
        source="assumption; with much less, prices by market swing (docs/facts.md)",
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
    nearness: float = assumption(
        0.15, "Added effort, relative to the shortest route, at which a route is e times less "
        "likely to be known at the start.", unit="share", low=0.01, high=10,
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
    largest_load: float = assumption(
        200.0, "Largest shipment relative to the mean one: what a vehicle or boat can hold.",
        unit="factor", low=5, high=100_000,
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
    leave: float = assumption(
        0.5, "Probability that a member goes with the faction when a network splits.",
        unit="probability", low=0, high=1,
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
    share_leader: float = assumption(
        0.02, "Share of members who are leaders; couriers are all who are nothing else.",
        unit="share", low=0, high=0.2,
    )  # fmt: skip
    share_broker: float = assumption(
        0.08, "The same for brokers.",
        unit="share", low=0, high=0.2,
    )  # fmt: skip
    share_logistician: float = assumption(
        0.15, "The same for logisticians.",
        unit="share", low=0, high=0.2,
    )  # fmt: skip
    share_financier: float = assumption(
        0.08, "The same for financiers.",
        unit="share", low=0, high=0.2,
    )  # fmt: skip
    share_corruptor: float = assumption(
        0.07, "The same for corruptors.",
        unit="share", low=0, high=0.2,
    )  # fmt: skip
    weight_leader: float = assumption(
        0.15, "Exponent with which what leaders can still do counts for what a network can move.",
        unit="exponent", low=0, high=1,
    )  # fmt: skip
    weight_broker: float = assumption(
        0.2, "The same for brokers.",
        unit="exponent", low=0, high=1,
    )  # fmt: skip
    weight_logistician: float = assumption(
        0.2, "The same for logisticians.",
        unit="exponent", low=0, high=1,
    )  # fmt: skip
    weight_courier: float = assumption(
        0.25, "The same for couriers.",
        unit="exponent", low=0, high=1,
    )  # fmt: skip
    weight_financier: float = assumption(
        0.1, "The same for financiers.",
        unit="exponent", low=0, high=1,
    )  # fmt: skip
    weight_corruptor: float = assumption(
        0.1, "The same for corruptors.",
        unit="exponent", low=0, high=1,
    )  # fmt: skip
    stand_in: float = assumption(
        0.1, "What is still done in a role that nobody fills.", unit="share", low=0.001, high=1
    )
    cell: int = assumption(
        9, "Members of a cell, who mostly work with one another.", unit="persons", low=3, high=100
    )
    inside: float = assumption(
        0.35, "Probability that two members of a cell work together.",
        unit="probability", low=0, high=1,
    )  # fmt: skip
    second: float = assumption(
        0.5, "Probability that a cell is joined to others by a second tie.",
        unit="probability", low=0, high=1,
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
    arrest_most: float = assumption(
        0.95, "Largest share of the members that one operation arrests.",
        unit="share", low=0, high=1,
    )  # fmt: skip
    base_skill: float = assumption(
        0.5, "What a seizure is worth as evidence, and an operation as force, at no capability; "
        "capability adds to it.", unit="factor", low=0.01, high=2,
    )  # fmt: skip
    evidence_used: float = assumption(
        0.7, "Share of the case file that an operation uses up.",
        unit="share", low=0, high=1, source=PROTOTYPE,
    )  # fmt: skip
    dismantling: float = assumption(
        0.15, "Probability that an operation that leaves nobody free ends the network.",
        unit="probability", low=0, high=1, source=PROTOTYPE,
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
        1.0, "Effect of a common language on the log-odds to share.",
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
        -1.5, "Log-odds to share of a pair with nothing in its favour.",
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
    dealing: float = assumption(
        4.0, "Share of what arrives in cheap towns that dealers offer, and of the demand of dear "
        "towns that they want, for each unit of difference in price beyond their cost.",
        unit="share", low=0, high=20,
    )  # fmt: skip
    dealing_cost: float = assumption(
        0.02, "Cost of dealers between two towns, relative to the usual price.",
        unit="share of price", low=0, high=1,
    )  # fmt: skip
    buyers_weeks: float = assumption(
        4.0, "Time in which half of the buyers of a closed virtual market go over to others.",
        unit="weeks", low=0.5, high=104,
        source="assumption; ElBahrawy et al. 2020 find that users migrate swiftly",
    )  # fmt: skip


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
