"""The danger that patrols and watches make."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.kernels.patrols import EVERYWHERE, IGNORANCE, WATCHED
from tocsin.simulation.reference.functions import expm1_of

Floats = NDArray[np.float64]


def hazards(
    owner: NDArray[np.int16],
    effort: Floats,
    corruption: Floats,
    capability: Floats,
    method: Floats,
    general: float,
    targeted: float,
    out: Floats,
) -> None:
    """Twin of `kernels.hazards`."""
    skill, honest = capability[owner], 1 - corruption
    staffed = effort > 0  # a watch needs somebody who watches
    out[EVERYWHERE] = general * effort * skill * honest
    out[WATCHED] = targeted * skill * honest * staffed
    out[IGNORANCE] = 1 - method[owner]


def expose(
    where: NDArray[np.int64],
    look: Floats,
    alike: NDArray[np.int64],
    hazard: Floats,
    concealment: Floats,
    watched: NDArray[np.bool_],
    known: NDArray[np.int32],
    modus: NDArray[np.int32],
    stale: float,
    danger: Floats,
) -> None:
    """Twin of `kernels.expose`."""
    (sector, network), (weight, hidden) = where, look
    everywhere, watching, ignorance = hazard
    validity = np.where(known == modus, 1.0, stale) * watched
    meets = (everywhere[:, None] + watching[:, None] * validity)[sector, network] * weight
    meets /= hidden * (1 + (concealment[network] - 1) * ignorance[sector])
    danger[:] = -expm1_of(-meets)[alike]
