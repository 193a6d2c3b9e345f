"""Twins of patrols, of the danger they make, and of what they find."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.functions import expm1_of

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
WORD = 2.0**32


def patrol(
    in_service: Floats,
    writing: Floats,
    country: Numbers,
    reference: Floats,
    own: Numbers,
    first: Numbers,
    heat: Floats,
    even: Floats,
    chance: Floats,
    floor: float,
    random: float,
    length: Floats,
    held: Floats,
    effort: Floats,
) -> None:
    """Twin of `kernels.patrol`."""
    sectors = [own[begin:end] for begin, end in pairwise(first.tolist())]
    warm = heat * even
    officers = np.maximum(in_service - writing[country], 0.0) / reference
    for mine, force in zip(sectors, officers, strict=True):
        whole = np.add.reduce(warm[mine])
        by_heat = warm[mine] / whole if whole > 0 else even[mine]
        shares = (
            floor * even[mine]
            + random * chance[mine] / np.add.reduce(chance[mine])
            + (1 - floor - random) * by_heat
        )
        effort[mine] = force * shares / length[mine]
    effort[:] = np.where(np.isnan(held), effort, held)


def remember(
    sector: NDArray[np.int32], kept: float, least: float, effort: Floats, heat: Floats
) -> None:
    """Twin of `kernels.remember`."""
    heat *= kept
    found, seizures = np.unique(sector, return_counts=True)
    heat[found] += seizures / np.maximum(effort[found], least)


def expose(
    sector: Numbers,
    network: Numbers,
    weight: Floats,
    hidden: Floats,
    owner: NDArray[np.int16],
    effort: Floats,
    corruption: Floats,
    capability: Floats,
    method: Floats,
    concealment: Floats,
    watched: NDArray[np.bool_],
    known: NDArray[np.int32],
    modus: NDArray[np.int32],
    general: float,
    targeted: float,
    stale: float,
    alike: Numbers,
    danger: Floats,
) -> None:
    """Twin of `kernels.expose`."""
    skill, honest = capability[owner], 1 - corruption
    validity = np.where(known == modus, 1.0, stale) * watched
    staffed = effort > 0  # a watch needs somebody who watches
    everywhere = general * effort * skill * honest
    watching = (targeted * skill * honest * staffed)[:, None] * validity
    hazard = (everywhere[:, None] + watching)[sector, network] * weight
    hazard /= hidden * (1 + (concealment[network] - 1) * (1 - method[owner[sector]]))
    danger[:] = -expm1_of(-hazard)[alike]


def thresholds(danger: Floats, out: NDArray[np.uint32]) -> None:
    """Twin of `kernels.thresholds`."""
    out[:] = np.minimum(danger * WORD, WORD - 1).astype(np.uint32)


def hand_over(
    commodity: Numbers,
    open_lane: NDArray[np.bool_],
    amount: Numbers,
    lost: Numbers,
    delivered: Numbers,
) -> None:
    """Twin of `kernels.hand_over`."""
    np.add.at(lost, commodity[~open_lane], amount[~open_lane])
    amount[~open_lane] = 0
    np.add.at(delivered, commodity, amount)


def note(
    place: NDArray[np.int32],
    lane: NDArray[np.int32],
    amount: Numbers,
    place_sector: NDArray[np.int32],
    lane_network: NDArray[np.int32],
    lane_commodity: Numbers,
    owner: NDArray[np.int16],
    sector: NDArray[np.int32],
    network: Numbers,
    commodity: Numbers,
    country: Numbers,
    seized_by: Numbers,
) -> None:
    """Twin of `kernels.note`."""
    sector[:] = place_sector[place]
    network[:] = lane_network[lane]
    commodity[:] = lane_commodity[lane]
    country[:] = owner[sector]
    np.add.at(seized_by, (commodity, country), amount)
