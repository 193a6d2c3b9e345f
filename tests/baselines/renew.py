"""Write the exact baselines: run after a deliberate change of the model, and say why in the log."""

import hashlib
import json
from pathlib import Path

import numpy as np
from tocsin.simulation.model import BorderModel
from tocsin.simulation.run import run
from tocsin.simulation.state import _rounded

RUNS = (("baseline", 0, 156), ("all_three", 1, 156), ("central_asia_2010", 0, 104))
SHOWN = ("produced", "delivered", "seized", "in_transit", "arrests", "items_shared", "items_used")


def first_form(model: BorderModel) -> str:
    """The fingerprint as it was before it covered the whole state."""
    world = model.world
    series = {f"series.{name}": values for name, values in model.record.columns.items()}
    count = world.shipments.count
    state = {
        "beliefs.losses": world.beliefs.losses,
        "beliefs.safe": world.beliefs.safe,
        "capability": world.capacity.capability,
        "cooperation.distance": world.cooperation.distance,
        "cooperation.effort": world.cooperation.effort,
        "law.compatibility": world.law.compatibility,
        "race.concealment": world.race.concealment,
        "race.method": world.race.method,
        "integrity.won": world.integrity.won,
        "cases.evidence": world.cases.evidence,
        "networks.active": world.networks.active.astype(np.int64),
        "networks.capital": world.networks.capital,
        "networks.modus": world.networks.modus.astype(np.int64),
        "patrols.effort": world.patrols.effort,
        "patrols.heat": world.patrols.heat,
        "portfolios.share": world.portfolios.share,
        "portfolios.volume": world.portfolios.volume,
        "prices": world.markets.price,
        "shipments.amount": world.shipments.amount[:count],
        "shipments.lane": world.shipments.lane[:count].astype(np.int64),
        "shipments.place": world.shipments.place[:count].astype(np.int64),
        "trust": world.cooperation.trust,
    }
    digest = hashlib.sha256()
    for name, values in sorted((series | state).items()):
        digest.update(name.encode() + b"\0")
        if np.issubdtype(values.dtype, np.integer):
            digest.update(values.ravel().astype("<i8").tobytes())
        else:
            digest.update(_rounded(values.ravel().astype(np.float64)).astype("<f8").tobytes())
    return digest.hexdigest()


def measured() -> dict[str, dict[str, object]]:
    """Fingerprint and a few whole numbers of each run."""
    found: dict[str, dict[str, object]] = {}
    for name, seed, weeks in RUNS:
        finished = run(name, seed=seed, weeks=weeks, events=False)
        ends = {key: finished.indicators[key] for key in SHOWN}
        found[f"{name}, seed {seed}, {weeks} weeks"] = {
            "fingerprint": finished.fingerprint,
            "first_form": first_form(finished.model),
        } | ends
    return found


if __name__ == "__main__":
    file = Path(__file__).with_name("baselines.json")
    file.write_text(json.dumps(measured(), indent=2) + "\n")
