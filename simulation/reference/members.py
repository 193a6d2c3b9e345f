"""Who is arrested, and who works with whom."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.draws import uniform

Numbers = NDArray[np.int64]
FIRST = np.zeros(1, dtype=np.uint32)  # the first draw of a week


def _drawn(key: int, entities: NDArray[np.uint64], week: int) -> NDArray[np.float64]:
    out = np.empty(entities.size)
    uniform(key, entities, week, FIRST, out)
    return out


def arrest(
    luck: int,
    rest: int,
    week: int,
    share: float,
    wanted: int,
    keys: NDArray[np.uint64],
    role: NDArray[np.int8],
    present: NDArray[np.bool_],
    score: NDArray[np.float64],
    worth: NDArray[np.float64],
    filled: Numbers,
    caught: Numbers,
) -> tuple[int, float]:
    """Twin of `kernels.arrest`."""
    at_large = np.flatnonzero(present & ((role == wanted) | (wanted < 0)))
    order = _drawn(luck, keys[at_large], week) - 2 * score[at_large] * at_large.size
    chance = _drawn(rest, keys[:1], week)[0]
    number = min(at_large.size, int(np.floor(share * at_large.size + chance)))
    caught[:number] = at_large[np.argsort(order, kind="stable")[:number]]
    present[caught[:number]] = False
    np.subtract.at(filled, role[caught[:number]], 1)
    return number, float(worth[filled, np.arange(filled.size)].prod())


def ties(
    key: int,
    standing: Numbers,
    cells: int,
    inside: float,
    second: float,
    pairs: Numbers,
    place: Numbers,
) -> int:
    """Twin of `kernels.ties`, with the same arguments and effects."""
    random = np.random.Generator(np.random.Philox(key=int(key)))
    order = random.permutation(standing.size)
    teams = [team.tolist() for team in np.array_split(order, cells)]
    found: dict[tuple[int, int], None] = {}
    for team in teams:
        for i, one in enumerate(team[1:], 1):
            found[one, team[random.integers(i)]] = None
            for other, luck in zip(team, random.random(i).tolist(), strict=False):
                if luck < inside:
                    found[one, other] = None
    degree = np.bincount(np.array(list(found), dtype=int).ravel(), minlength=standing.size)
    hubs = [max(team, key=lambda m: (degree[m], -m)) for team in teams]
    for i, hub in enumerate(hubs[1:], 1):
        found[hub, hubs[random.integers(i)]] = None
        if random.random() < second:
            found[teams[i][random.integers(len(teams[i]))], hubs[random.integers(i)]] = None
    pairs[: len(found)] = np.array(list(found), dtype=int).reshape(-1, 2)
    degree = np.bincount(pairs[: len(found)].ravel(), minlength=standing.size)
    place[np.argsort(-degree, kind="stable")] = standing
    return len(found)
