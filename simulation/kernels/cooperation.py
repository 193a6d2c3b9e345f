"""How willing members are to share."""

from simulation.kernels.compiling import compiled


@compiled("void(f8[::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[::1], f8[::1], f8[:, ::1])")
def reluctance(weights, trust, legal, distance, will, sovereignty, out):
    """Log odds against that the row's country wants the column's to have an item.

    Parameters
    ----------
    weights
        float64[6]: constant, and weights of trust, law, language, will and sovereignty.
    trust, legal, distance
        float64[C, C], in force.
    will, sovereignty
        float64[C].
    out
        float64[C, C], written.
    """
    for one in range(out.shape[0]):
        own = weights[4] * will[one] - weights[5] * sovereignty[one]
        for other in range(out.shape[1]):
            odds = weights[0] + weights[1] * trust[one, other] + weights[2] * legal[one, other]
            odds = odds + weights[3] * (1 - distance[one, other]) + own
            out[one, other] = -odds


@compiled("void(f8[:, ::1], f8[::1], f8[::1], b1[:, ::1], f8[:, ::1])")
def given(against, asked, effort, told, out):
    """Probability that an item of the row's country goes to the column's.

    Parameters
    ----------
    against
        float64[C, C], odds against that the country wants it to.
    asked, effort
        float64[C]: share of the items that were asked for, part of it that the country does.
    told
        bool[C, C], who tells whom at all.
    out
        float64[C, C], written; it may be `against`.
    """
    for one in range(out.shape[0]):
        share = asked[one] * effort[one]
        for other in range(out.shape[1]):
            chance = share * (1 / (1 + against[one, other]))
            out[one, other] = chance if told[one, other] else 0.0
