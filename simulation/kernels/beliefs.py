"""What networks make of losses and of crossings, on all border sectors at once."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled


@compiled("void(f8[:, ::1], f8[:, ::1], b1[::1], f8, f8, f8[:, ::1])")
def perceived_risk(losses, safe, active, rumour, most, out):
    """Share of losses that each network expects on each sector.

    Parameters
    ----------
    losses, safe
        float64[N, S], counts.
    active
        bool[N]; those out of business are not heard, but hear.
    rumour
        Weight of the mean of what all others believe; 0 for none.
    most
        Largest risk that is believed.
    out
        float64[N, S], written.
    """
    networks, sectors = losses.shape
    heard = 0
    together = np.zeros(sectors)
    for n in range(networks):
        for s in range(sectors):
            out[n, s] = losses[n, s] / (losses[n, s] + safe[n, s])
        if active[n]:
            heard += 1
            for s in range(sectors):
                together[s] += out[n, s]
    talk = rumour != 0.0 and heard > 1
    for n in range(networks):
        part = 1.0 if active[n] else 0.0
        others = max(heard - (1 if active[n] else 0), 1)
        for s in range(sectors):
            own = out[n, s]
            if talk:
                own += rumour * ((together[s] - own * part) / others - own)
            out[n, s] = min(own, most)


@compiled("void(f8[:, ::1], f8[:, ::1], f8[::1], f8[::1], f8, f8[:, ::1], f8[:, ::1])")
def experience(losses, safe, prior_losses, prior_safe, kept, lost, crossed):
    """Let counts fade towards their priors, then add a week's experience.

    Parameters
    ----------
    losses, safe
        float64[N, S], changed.
    prior_losses, prior_safe
        float64[S].
    kept
        Share of what is beyond the prior that outlasts the week.
    lost, crossed
        float64[N, S], losses among the crossings, and all crossings.
    """
    for n in range(losses.shape[0]):
        for s in range(losses.shape[1]):
            losses[n, s] = (losses[n, s] - prior_losses[s]) * kept + prior_losses[s] + lost[n, s]
            safe[n, s] = (
                (safe[n, s] - prior_safe[s]) * kept + prior_safe[s] + (crossed[n, s] - lost[n, s])
            )
