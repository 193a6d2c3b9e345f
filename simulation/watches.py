"""Watches: what agencies look for, on whose word, and what came of it."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.budget import ADVOCACY, ANALYSIS, EXERCISES, LIAISON
from simulation.intelligence import OWN

if TYPE_CHECKING:
    from simulation.model import BorderModel


def begin_watches(model: "BorderModel") -> None:
    """Start what agencies chose to watch and drop what they chose no longer."""
    picture = model.picture
    for sector, network in picture.begin(model.watch_list, model.week).tolist():
        tip = str(picture.tip[sector, network])
        if picture.sender[sector, network] != OWN:
            model.count("watches_on_tips", 1)
            if tip not in model.used_tips:
                model.used_tips.add(tip)
                model.count("items_used", 1)
                age = model.week - int(picture.seen[sector, network])
                model.record.ages.append((model.week, age))
        if model.log.on:
            country = model.codes[model.sectors.country[sector]]
            name, place = model.networks.names[network], model.sectors.ids[sector]
            watch = f"watch-{model.week}-{place}-{name}"
            model.watch_ids[sector, network] = watch
            model.log.record(watch, model.week, "watch", country, country=country, sector=place,
                             network=name, cause=tip)  # fmt: skip


def learn_from_watches(model: "BorderModel", caught: NDArray[np.float64]) -> None:
    """Agencies learn whose word comes true, and what they owe to whom.

    Parameters
    ----------
    caught
        float64[S, N], seizures of the week.
    """
    picture = model.picture
    hits, on_tips = picture.learn(model.sectors.country, caught, model.week)
    model.record.watches.append((model.week, model.tally["watches_on_tips"], on_tips))
    if model.details is not None:
        model.details.missed(model, picture.expired)
    model.owed = np.zeros((len(model.codes), len(model.codes)))
    sector, network = hits[:, 0], hits[:, 1]
    sender = picture.sender[sector, network]
    owner = model.sectors.country[sector]
    foreign = sender != OWN
    np.add.at(model.owed, (owner[foreign], sender[foreign]), 1.0)
    budget = model.coordinator.budget
    tips = picture.tip[sector, network].tolist()
    budget.earn(ADVOCACY, float(sum(tip.startswith("public") for tip in tips)))
    budget.earn(ANALYSIS, float(sum(tip.startswith("release-prediction") for tip in tips)))
    owed = float(foreign.sum())
    budget.earn(LIAISON, owed * model.coordinator.liaison_share())
    budget.earn(EXERCISES, owed * model.cooperation.closed)
