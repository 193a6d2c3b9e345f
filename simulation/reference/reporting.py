"""Twins of the sharing of what was found."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.draws import Keys, chained, drawn


def share(
    streams: Keys,
    week: int,
    key: Keys,
    country: NDArray[np.int64],
    network: NDArray[np.int64],
    active: NDArray[np.bool_],
    given: NDArray[np.float64],
    readable: float,
    by_hand: float,
    fast: int,
    slow: int,
    effort: float,
    recipients: NDArray[np.bool_],
    weeks: NDArray[np.int64],
    writing: NDArray[np.float64],
) -> tuple[int, int]:
    """Twin of `kernels.share`, with the same arguments and effects."""
    chance = given[country] * active[network][:, None]
    willing = chance > drawn(streams[0], key)[:, None]
    partners = np.arange(given.shape[1])
    recipients[:] = willing & (drawn(streams[1], key[:, None], 0, partners) < readable)
    shared = willing.any(axis=1)
    carried = drawn(streams[2], key) < by_hand
    wait = np.where(carried, fast, slow)
    weeks[:] = np.where(recipients.any(axis=1), week + 1 + wait, 0)
    writing[:] = effort * np.bincount(country[shared], minlength=writing.size)
    return int(shared.sum()), int((shared & (wait < slow)).sum())


def reveal(
    streams: Keys,
    key: Keys,
    country: NDArray[np.int64],
    network: NDArray[np.int64],
    lane: NDArray[np.int32],
    weeks: NDArray[np.int64],
    recipients: NDArray[np.bool_],
    active: NDArray[np.bool_],
    modus: NDArray[np.int32],
    disclosure: float,
    skill: NDArray[np.float64],
    accuracy: float,
    lane_network: NDArray[np.int32],
    lane_start: NDArray[np.int32],
    lane_end: NDArray[np.int32],
    tips: Keys,
    routes: NDArray[np.int64],
    until: NDArray[np.int64],
    told: NDArray[np.bool_],
    knows: NDArray[np.bool_],
) -> int:
    """Twin of `kernels.reveal`, with the same arguments and effects."""
    revealed = drawn(streams[0], key) < disclosure * skill[country]
    at = np.flatnonzero(revealed & active[network])
    who = network[at]
    wrong = drawn(streams[1], key[at]) > accuracy
    start, stop = (np.searchsorted(lane_network, who, side) for side in ("left", "right"))
    any_lane = start + (drawn(streams[2], key[at]) * (stop - start)).astype(np.int64)
    named = np.where(wrong, any_lane, lane[at])
    tips[: at.size] = key[at]
    until[: at.size] = weeks[at]
    told[: at.size] = recipients[at]
    routes[: at.size] = np.column_stack(
        [country[at], who, modus[who], lane_start[named], lane_end[named]]
    )
    knows[: at.size] = country[at][:, None] == np.arange(knows.shape[1])
    return at.size


def tell(
    weeks: NDArray[np.int64],
    recipients: NDArray[np.bool_],
    origin: NDArray[np.int64],
    coming: NDArray[np.float64],
) -> None:
    """Twin of `kernels.tell`, with the same arguments and effects."""
    item, reader = np.nonzero(recipients)
    np.add.at(coming, (weeks[item] % len(coming), reader, origin[item]), 1.0)


def public_tips(
    streams: Keys,
    week: int,
    country_key: Keys,
    owner: NDArray[np.int16],
    passed: NDArray[np.int32],
    usual: float,
    aware: float,
    tips: NDArray[np.int64],
) -> int:
    """Twin of `kernels.public_tips`, with the same arguments and effects."""
    by_country = np.bincount(owner, passed, country_key.size)
    if not by_country.any():
        return 0
    share = by_country / by_country[by_country > 0].mean()
    luck = drawn(streams[0], country_key, week)
    number = np.where(share > 0, np.floor(usual * share * aware + luck), 0).astype(np.int64)
    count = 0
    for country in np.flatnonzero(number).tolist():
        places = np.flatnonzero(owner == country)
        weight = np.cumsum(passed[places])
        keys = np.empty(number[country], dtype=np.uint64)
        chained(country_key[country : country + 1], np.arange(keys.size).astype(np.uint64), keys)
        seen = np.searchsorted(weight, drawn(streams[1], keys, week) * weight[-1])
        for nth, place in enumerate(places[seen].tolist()):
            tips[count] = country, nth, place
            count += 1
    return count
