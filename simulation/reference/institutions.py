"""How practice and law follow what was signed; who shares with whom; what becomes of trust."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.kernels.institutions import (
    ALWAYS,
    LANGUAGE,
    LAW,
    SOVEREIGNTY,
    TRUST,
    WILL,
)
from tocsin.simulation.reference.functions import exp_of, power_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


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
    weights: Floats,
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
    odds = weights[ALWAYS] + weights[TRUST] * trust + weights[LAW] * law
    odds += weights[LANGUAGE] * (1 - distance)
    odds += (weights[WILL] * will - weights[SOVEREIGNTY] * sovereignty)[:, None]
    out[:] = (asked * effort)[:, None] * (1 / (1 + exp_of(-odds))) * told


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
