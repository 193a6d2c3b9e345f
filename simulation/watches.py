"""Watches: what agencies look for, on whose word, and what came of it."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.budget import ADVOCACY, ANALYSIS, EXERCISES, LIAISON
from simulation.intelligence import OWN, PUBLIC, RELEASED_PREDICTION

if TYPE_CHECKING:
    from simulation.model import BorderModel


def begin_watches(model: "BorderModel") -> None:
    """Start what agencies chose to watch and drop what they chose no longer."""
    picture = model.picture
    for sector, network, sender in picture.begin(model.watch_list, model.week).tolist():
        if sender == OWN and not model.log.on:
            continue
        tip = picture.event(sector, network, model.codes)
        if sender != OWN:
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
        float64[N, S], seizures of the week.
    """
    on_tips, model.owed, by_word = model.picture.learn(caught, model.week)
    model.record.watches.append((model.week, model.tally["watches_on_tips"], on_tips))
    if model.details is not None:
        model.details.missed(model, model.picture.expired)
    budget = model.coordinator.budget
    budget.earn(ADVOCACY, float(by_word[PUBLIC]))
    budget.earn(ANALYSIS, float(by_word[RELEASED_PREDICTION]))
    owed = float(np.add.reduce(model.owed, axis=None))
    budget.earn(LIAISON, owed * model.coordinator.liaison_share())
    budget.earn(EXERCISES, owed * model.cooperation.closed)
