"""Whether the values, the map and the schedule of a scenario fit together.

Each value has been checked by itself before; what is checked here takes two to be wrong. The
first contradiction is one sentence.
"""

from itertools import groupby

from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.geography.modes import MODES, in_use, mode_of, sectors_of
from tocsin.simulation.geography.roster import BROAD, CROSSINGS, claims, exactness, visited
from tocsin.simulation.parameters import Commodity, Network, Parameters, table_of
from tocsin.simulation.scenario.overrides import look_up, parse_key, replaced
from tocsin.simulation.scenario.schedule import Change, Schedule, check_schedule
from tocsin.simulation.scenario.wording import fault, written

MOST = 100_000_000  # shipments of a commodity in a year: what the memory of a laptop holds


def check_world(
    parameters: Parameters, schedule: Schedule, own: Schedule, grid: BorderGrid
) -> None:
    """Check a whole scenario; `own` is the part of the schedule that its file states.

    Raises
    ------
    InputError
        Map and profiles have different countries; a pair, a town, a commodity, a network or a
        place of the schedule does not exist; a lever lacks its mandate.
    """
    _check_countries(parameters, grid)
    _check_goods(parameters, grid)
    _check_agencies(parameters, grid)
    _check_networks(parameters)
    check_schedule(schedule, own, parameters, grid)
    _check_mandates(parameters, schedule, own)


def _check_countries(parameters: Parameters, grid: BorderGrid) -> None:
    world_map = written(parameters.world.map)
    for code in parameters.countries:
        if code not in grid.codes:
            raise InputError(
                f"countries.{code}: the map {world_map} has no such country; it has "
                f"{', '.join(grid.codes)}{nearest(code, grid.codes)}."
            )
    for code in grid.codes:
        if code not in parameters.countries:
            raise InputError(
                f"countries.{code}: missing; the map {world_map} has this country, so the "
                "scenario needs its profile."
            )
    for pair in parameters.pairs:
        for code in pair.split("-"):
            if code not in grid.codes:
                raise InputError(
                    f"pairs.{pair}: the map {world_map} has no country {code!r}; it has "
                    f"{', '.join(grid.codes)}{nearest(code, grid.codes)}."
                )


def _check_agencies(parameters: Parameters, grid: BorderGrid) -> None:
    """Whether the agencies beside the national ones have a country and sectors of their own."""
    if not parameters.agencies:
        return
    sectors = sectors_of(grid, parameters)
    taken: dict[tuple[int, int], str] = {}
    for name in parameters.agencies:
        if name[:3] not in grid.codes:
            raise InputError(
                f"agencies.{name}: the map {written(parameters.world.map)} has no country "
                f"{name[:3]!r}; it has {', '.join(grid.codes)}{nearest(name[:3], grid.codes)}."
            )
    for name, agency in parameters.agencies.items():
        if agency.at and agency.sent:
            raise fault(f"agencies.{name}.sent", agency.sent, "it has sectors of its own in at",
                        "an agency stands somewhere or is sent")  # fmt: skip
        for place in agency.sent:
            if not visited(place, sectors).any():
                heads = dict.fromkeys(one.partition(":")[0] for one in sectors.ids)
                raise fault(f"agencies.{name}.sent", place, "no sector of the map",
                            f"a sector is written {sectors.ids[0]}, a border {next(iter(heads))}",
                            nearest(place, [*heads, *sectors.ids]))  # fmt: skip
    for place, name, own in claims(grid.codes, sectors, parameters):
        key, number = f"agencies.{name}.at", grid.codes.index(name[:3])
        if not own.any():
            facing = sectors.neighbour[sectors.country == number].tolist()
            modes = [mode.name for mode in in_use(parameters) if mode.tag]
            known = [*BROAD, CROSSINGS, *modes,
                     *(code for at, code in enumerate(grid.codes) if at in facing)]  # fmt: skip
            example = sectors.ids[sectors.country.tolist().index(number)]
            raise fault(key, place, f"no sector of {name[:3]} is meant",
                        f"allowed is {', '.join(known)}, or a sector as {example}",
                        nearest(place, [*known, *sectors.ids]))  # fmt: skip
        for sector in own.nonzero()[0].tolist():
            level = exactness(place, grid.codes)
            other = taken.setdefault((level, sector), name)
            if other != name:
                raise fault(key, place, f"{sectors.ids[sector]} is that of {other} already",
                            "a sector has one agency")  # fmt: skip


def _check_goods(parameters: Parameters, grid: BorderGrid) -> None:
    goods = parameters.commodities
    if not goods:
        raise InputError("commodities: missing; a world needs one, as in [commodities.heroin].")
    headline = parameters.measurement.headline
    if headline not in goods:
        raise fault("measurement.headline", headline, "no commodity of the scenario",
                    f"allowed is {' or '.join(goods)}", nearest(headline, goods))  # fmt: skip
    for name, good in goods.items():
        _check_places(name, good, grid)
        if good.precursor is not None and (good.precursor not in goods or good.precursor == name):
            others = [other for other in goods if other != name]
            raise fault(f"commodities.{name}.precursor", good.precursor,
                        "no other commodity of the scenario",
                        f"allowed is {' or '.join(others) or 'none, as there is only one'}",
                        nearest(good.precursor, others))  # fmt: skip
        if good.market_price <= good.source_price:
            raise fault(f"commodities.{name}.market_price", good.market_price,
                        f"not above source_price = {good.source_price:.15g}",
                        "nobody would carry goods to a lower price")  # fmt: skip
        if good.supply_per_year > MOST * good.shipment_size:
            raise fault(f"commodities.{name}.shipment_size", good.shipment_size,
                        f"too small for supply_per_year = {good.supply_per_year:.15g}",
                        f"allowed is {MOST:,} shipments a year, so a size of "
                        f"{good.supply_per_year / MOST:.15g} or more")  # fmt: skip


def _check_places(name: str, good: Commodity, grid: BorderGrid) -> None:
    """Whether the places of a commodity exist: towns or countries, as its mode has it."""
    if good.mode not in MODES:
        raise fault(f"commodities.{name}.mode", good.mode, "not one of the allowed words",
                    f"allowed is {' or '.join(MODES)}", nearest(good.mode, MODES))  # fmt: skip
    mode = mode_of(good)
    known, noun = mode.places(grid), mode.place
    listed = {"sources": good.sources, "markets": good.markets, "victims": good.victims}
    for row, places in listed.items():
        key = f"commodities.{name}.{row}"
        if row == "victims" and places and not mode.platforms:
            others = [f'"{other.name}"' for other in MODES.values() if other.platforms]
            raise fault(key, places, f"not read with mode {mode.name}",
                        f"write mode = {' or '.join(others)} too")  # fmt: skip
        if not places and row != "victims":
            raise fault(key, places, "an empty list", f"name one {noun} or more")
        if row == "markets" and mode.platforms:
            continue
        for place in places:
            if place not in known:
                raise fault(key, place, f"no {noun} of the map",
                            f"the map has {', '.join(known)}", nearest(place, known))  # fmt: skip
    both = sorted(set(good.sources) & set(good.markets))
    if both:
        raise fault(f"commodities.{name}.markets", both[0], "a source as well",
                    f"a {noun} is a source or a market, not both")  # fmt: skip


def _check_networks(parameters: Parameters) -> None:
    ids = parameters.network_ids()
    for name, network in parameters.networks.items():
        if name not in ids:
            raise InputError(
                f"networks.{name}: there is no such network; allowed is {ids[0]} to {ids[-1]}."
            )
        _check_trade(name, network, parameters)


def _check_trade(name: str, network: Network, parameters: Parameters) -> None:
    """Whether what a network trades in exists and comes from where it is said to."""
    goods = parameters.commodities
    if network.commodity is not None and network.commodity not in goods:
        raise fault(f"networks.{name}.commodity", network.commodity, "no commodity of the "
                    "scenario", f"allowed is {' or '.join(goods)}",
                    nearest(network.commodity, goods))  # fmt: skip
    if network.second_commodity is not None:
        key = f"networks.{name}.second_commodity"
        if network.second_commodity not in goods:
            raise fault(key, network.second_commodity, "no commodity of the scenario",
                        f"allowed is {' or '.join(goods)}",
                        nearest(network.second_commodity, goods))  # fmt: skip
        if network.second_commodity == network.commodity:
            raise fault(key, network.second_commodity, "its first commodity already",
                        "a network trades twice in two things")  # fmt: skip
    if network.source is None:
        return
    key = f"networks.{name}.source"
    if network.commodity is None and len(goods) > 1:
        raise fault(key, network.source, "it is not said what the network trades in",
                    f"state networks.{name}.commodity too, {' or '.join(goods)}")  # fmt: skip
    commodity = network.commodity or next(iter(goods))
    sources = goods[commodity].sources
    if network.source not in sources:
        raise fault(key, network.source, f"no {commodity} comes from there",
                    f"the sources are {', '.join(sources)}",
                    nearest(network.source, sources))  # fmt: skip


def _check_mandates(parameters: Parameters, schedule: Schedule, own: Schedule) -> None:
    """A lever acts only under its mandate: at the start, and after the changes of each week."""
    _check_mandates_of(parameters, "")
    changes = [(e, label) for label, e in schedule.labelled(own) if isinstance(e, Change)]
    changes.sort(key=lambda labelled: labelled[0].week)
    for _, together in groupby(changes, key=lambda labelled: labelled[0].week):
        label = ""
        for change, label in together:  # noqa: B007
            parameters = replaced(parameters, change.set)
        _check_mandates_of(parameters, f"{label}, ")


def _check_partners_of(parameters: Parameters, where: str) -> None:
    codes = list(parameters.countries)
    for code, profile in parameters.countries.items():
        for other in profile.withholds_from:
            if other not in codes or other == code:
                raise fault(f"{where}countries.{code}.withholds_from", other,
                            "no other country of the world",
                            f"it is one of {', '.join(c for c in codes if c != code)}",
                            nearest(other, codes))  # fmt: skip


def _check_mandates_of(parameters: Parameters, where: str) -> None:
    _check_partners_of(parameters, where)
    mandates = parameters.cooperation.mandates
    for row in table_of(parameters):
        if row.mandate is None or row.mandate in mandates:
            continue
        names = parameters.countries if "*" in row.key else ("",)
        for dotted in (row.key.replace("*", name) for name in names):
            value = look_up(parameters, parse_key(dotted))
            if value:
                raise fault(f"{where}{dotted}", value, f"the lever needs the mandate "
                            f"{row.mandate!r}", f"cooperation.mandates is {written(mandates)}; "
                            f"add {row.mandate!r} or set the lever to 0")  # fmt: skip
