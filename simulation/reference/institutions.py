"""Twins of a week of institutions."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.functions import exp_of, power_of

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def invest(
    received: Floats,
    misspent: Floats,
    own: Floats,
    capability: Floats,
    absorption: float,
    tools_share: float,
    half: float,
    open_way: float,
    effect: Floats,
    tools: Floats,
) -> float:
    """Twin of `kernels.invest`."""
    funds = received * (1 - misspent) + own
    usable = np.minimum(funds, absorption * capability)
    training = usable * (1 - tools_share)
    effect[:] = open_way * training / (training + half)
    tools[:] = open_way * usable * tools_share
    return float((funds - usable).sum())


def look_back(
    seized_by: Numbers, agency: Numbers, weeks: float, lately: Floats, cases: Numbers
) -> None:
    """Twin of `kernels.look_back`."""
    lately += (seized_by.sum(axis=0) - lately) / weeks
    cases += np.bincount(agency, minlength=cases.size)


def misspent(most: float, corruption: Floats, found: Floats, out: Floats) -> None:
    """Twin of `kernels.misspent`."""
    out[:] = np.maximum(most * corruption - found, 0.0)


def grow(
    effect: Floats, rate: float, ceiling: float, lost: float, baseline: Floats, capability: Floats
) -> None:
    """Twin of `kernels.grow`."""
    capability += rate * effect * np.maximum(ceiling - capability, 0)
    capability -= lost * (capability - baseline)


def study(
    told: Floats,
    cases: Numbers,
    capability: Floats,
    tools: Floats,
    half: float,
    kept: float,
    step: float,
    heard: Floats,
    made: Floats,
    method: Floats,
) -> None:
    """Twin of `kernels.study`."""
    heard[:] = heard * kept + told
    made[:] = made * kept + cases
    shown = np.minimum(heard / np.maximum(made, 1.0), 1.0)
    taught = (shown * method).max(axis=1, initial=0.0)
    level = np.maximum(capability, taught)
    level += (1 - level) * (tools / (tools + half))
    method += step * (level - method)


def practise(
    ratified: Flags,
    will: Floats,
    corruption: Floats,
    review: float,
    step: float,
    provisions: float,
    base: Floats,
    compliance: Floats,
    compatibility: Floats,
) -> None:
    """Twin of `kernels.practise`."""
    kept = will * (review + (1 - review) * (1 - corruption))
    compliance += step * (np.where(ratified, kept, 0.0) - compliance)
    both = np.sqrt(compliance[:, None] * compliance)
    compatibility[:] = base + (1 - base) * (provisions * both)


def shared(
    constant: float,
    of_trust: float,
    of_law: float,
    of_language: float,
    of_will: float,
    of_sovereignty: float,
    trust: Floats,
    law: Floats,
    distance: Floats,
    will: Floats,
    sovereignty: Floats,
    asked: Floats,
    effort: Floats,
    told: Flags,
    out: Floats,
) -> None:
    """Twin of `kernels.shared`."""
    odds = constant + of_trust * trust + of_law * law + of_language * (1 - distance)
    odds += (of_will * will - of_sovereignty * sovereignty)[:, None]
    out[:] = (asked * effort)[:, None] * (1 / (1 + exp_of(-odds))) * told


def weigh(
    owed: Floats,
    writing: Floats,
    cases: NDArray[np.int64],
    officers: Floats,
    step: float,
    payoff: float,
    least: float,
    given_back: Floats,
    worked: Floats,
    effort: Floats,
) -> None:
    """Twin of `kernels.weigh`."""
    given_back += step * (owed.sum(axis=1) - given_back)
    worked += step * (writing * (cases / officers) - worked)
    both = given_back + worked
    balance = np.divide(given_back - worked, both, out=np.zeros_like(both), where=both > 0)
    effort[:] = np.clip(effort + payoff * balance, least, 1.0)


def befriend(
    hits: Floats,
    gain: float,
    sharing: Floats,
    usual: Floats,
    reciprocity: float,
    fade: float,
    trust: Floats,
) -> None:
    """Twin of `kernels.befriend`."""
    trust += (1 - trust) * (1 - power_of(np.full_like(hits, 1 - gain), hits))
    trust += reciprocity * (sharing.T - sharing)
    trust += fade * (usual - trust)
    np.clip(trust, 0.0, 1.0, out=trust)
    np.fill_diagonal(trust, 0.0)


def credit(
    cases: Numbers,
    capability: Floats,
    baseline: Floats,
    usual: Floats,
    bought: Floats,
    legal: Floats,
    compatibility: Floats,
) -> tuple[float, float, float]:
    """Twin of `kernels.credit`."""
    gained = (capability - baseline) / np.maximum(capability, 1e-9)
    honest = cases * (usual - bought) / np.maximum(1 - bought, 0.05)
    closer = 1 - legal / np.maximum(compatibility, 1e-9)
    return float((cases * gained).sum()), float(honest.sum()), float(closer.mean())
