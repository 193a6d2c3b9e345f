"""Watching (M5): the watches that agencies chose begin, and the tips behind them are used."""

from tocsin.simulation.mechanisms.agencies.intelligence import OWN
from tocsin.simulation.notes import Notes
from tocsin.simulation.world import World


def begin(world: World, notes: Notes) -> None:
    """Start what was chosen to be watched, and drop what was chosen no longer."""
    picture = world.picture
    for sector, network, sender in picture.begin(notes.watch_list, world.week).tolist():
        if sender == OWN and not world.log.on:
            continue
        tip = picture.event(sector, network, world.roster.codes)
        if sender != OWN:
            notes.count("watches_on_tips", 1)
            if tip not in world.watches.used:
                world.watches.used.add(tip)
                notes.count("items_used", 1)
                age = world.week - int(picture.seen[sector, network])
                world.record.ages.append((world.week, age))
        if world.log.on:
            _log(world, sector, network, tip)


def _log(world: World, sector: int, network: int, tip: str) -> None:
    agency = int(world.roster.sector_agency[sector])
    name, place = world.networks.names[network], world.sectors.ids[sector]
    watch = f"watch-{world.week}-{place}-{name}"
    world.watches.ids[sector, network] = watch
    world.log.record(watch, world.week, "watch", world.roster.ids[agency],
                     country=world.roster.codes[agency], sector=place, network=name,
                     cause=tip)  # fmt: skip
