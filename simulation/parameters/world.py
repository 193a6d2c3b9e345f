"""The world and its records: map, countries, pairs, commodities, networks."""

from typing import Literal

from tocsin.simulation.parameters.declaring import PROTOTYPE, Group, lever, structure

SMALLEST = {"kg": 1000, "persons": 1, "USD": 100}  # grams, persons, cents in a unit


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


class WorldSettings(Group):
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

    def patrol_factor(self, usual: float) -> float:
        """Officers in service relative to the profile; `usual` is the budget of all."""
        return usual if self.patrol_budget is None else self.patrol_budget


class Agency(Group):
    """An agency beside the national one of its country, which keeps the other sectors."""

    name: str = structure(..., "Name of the agency, as in a sentence.")
    kind: Literal["police", "customs", "border guard", "coast guard"] = structure(
        "police", "What it is; for the reader, no rule depends on it."
    )
    officers: float = structure(..., "Officers on duty.", unit="officers", low=0, high=1_000_000)
    capability: float | None = structure(
        None, "Skill, tools and method at the start, if they differ from the country's.",
        unit="capability", low=0, high=1,
    )  # fmt: skip
    at: tuple[str, ...] = structure(
        (), "Where it is responsible: borders, coasts, crossings, a mode with stations, the code "
        "of a neighbour, or the id of a sector; empty means nowhere.",
    )  # fmt: skip
    sent: tuple[str, ...] = structure(
        (), "Where its officers stand beside those who are responsible, in any country: the id of "
        "a sector, or what stands before its colon, as in CAN-sea.",
    )  # fmt: skip


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
    mode: str = structure("land", "How it moves: the name of a mode of transport.")
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
    demand_per_year: float | None = structure(
        None, "Quantity that its markets together buy at the usual price; where it is not given, "
        "what would arrive at the risks of the first week.", unit="units", low=0.001,
        high=10_000_000_000,
    )  # fmt: skip
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
    transport_usd_per_km: float | None = structure(
        None, "Cost of moving one unit over one kilometre of open plain, if it differs from the "
        "usual one.", unit="USD per unit and km", low=0, high=1000,
    )  # fmt: skip
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

    @property
    def smallest(self) -> int:
        """Smallest amounts in a unit: grams, persons, cents. All amounts are kept in them."""
        return SMALLEST[self.unit]


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
