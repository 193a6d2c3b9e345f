"""What agencies watch, and what they learn from it, in one pass over sectors and networks."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.intelligence import OWN, SENDER, WORD


@compiled("void(f8[:, ::1], i4[:, ::1], i2[::1], f8[:, ::1], f8[:, ::1], f8, f8, i8, b1[:, ::1])")
def choose_watches(interest, sender, owner, tried, won, least, trust, most, chosen):
    """Choose what each agency watches: the pairs of its most telling tips, earlier ones first.

    Partners' tips count as far as they have come true before, relative to own ones.

    Parameters
    ----------
    interest, sender
        float64[S, N], int32[S, N]: worth of the tips on a pair, and whose word the latest is.
    owner
        int16[S], country of each sector.
    tried, won
        float64[C, 2], watches and those that led to a seizure, on own and on partners' word.
    least
        What a tip must count for.
    trust
        How much more than its own tips an agency may trust those of others.
    most
        How many pairs an agency can watch.
    chosen
        bool[S, N], written.
    """
    countries, networks = tried.shape[0], interest.shape[1]
    trusted = np.empty(countries)
    for c in range(countries):
        trusted[c] = min(trust, (won[c, 1] / tried[c, 1]) / (won[c, 0] / tried[c, 0]))
    number = np.zeros(countries, dtype=np.int64)
    value = np.empty((countries, most + 1))  # of each agency's best pairs, falling
    pair = np.empty((countries, most + 1), dtype=np.int64)
    for s in range(owner.size):
        own, partners = owner[s], trusted[owner[s]]
        for n in range(networks):
            worth = (1.0 if sender[s, n] == OWN else partners) * interest[s, n]
            chosen[s, n] = worth > least
            if not chosen[s, n]:
                continue
            at = number[own]
            while at > 0 and value[own, at - 1] < worth:
                value[own, at], pair[own, at] = value[own, at - 1], pair[own, at - 1]
                at -= 1
            value[own, at], pair[own, at] = worth, s * networks + n
            if number[own] < most:
                number[own] += 1
            else:
                last = pair[own, most]
                chosen[last // networks, last % networks] = False


@compiled("i8(b1[:, ::1], b1[:, ::1], i4[:, ::1], i8, i4[:, ::1], i8[:, ::1])")
def begin_watches(chosen, watched, sender, until, open_until, begun):
    """Find the watches that begin; those on a partner's word stay open for a hit until a week.

    Parameters
    ----------
    chosen, watched
        bool[S, N]: what is watched from now on, and what was watched before.
    sender
        int32[S, N], whose word the latest tip is.
    until
        Last week in which a hit counts.
    open_until
        int32[S, N], changed.
    begun
        int64[S * N, 3], written from the front: sector, network and sender.

    Returns
    -------
    Number of watches that begin.
    """
    count = 0
    for s in range(chosen.shape[0]):
        for n in range(chosen.shape[1]):
            if chosen[s, n] and not watched[s, n]:
                begun[count, 0], begun[count, 1], begun[count, 2] = s, n, sender[s, n]
                count += 1
                if sender[s, n] != OWN:
                    open_until[s, n] = until
    return count


@compiled(
    "UniTuple(i8, 2)(i8, b1[:, ::1], f8[:, ::1], i2[::1], i4[:, :, ::1], f8, f8[:, ::1], "
    "i4[:, ::1], f8, f8, f8, f8[:, ::1], f8[:, ::1], f8[:, ::1], i8[::1], i8[:, ::1])"
)
def judge_watches(
    week,
    watched,
    caught,
    owner,
    latest,
    dry,
    interest,
    open_until,
    kept,
    first_tried,
    first_won,
    tried,
    won,
    owed,
    by_word,
    expired,
):
    """Count which watches led to a seizure this week, and on whose word.

    Parameters
    ----------
    week
        Present week.
    watched
        bool[S, N].
    caught
        float64[N, S], seizures of the week.
    owner
        int16[S], country of each sector.
    latest
        int32[4, S, N], of the latest tip, as `receive` notes it.
    dry
        What is left of the interest after a week of watching in vain.
    interest, open_until
        float64[S, N], int32[S, N], changed. A hit closes a watch that is open for one.
    kept
        Share of what was learned that outlasts a week of watching.
    first_tried, first_won
        Watches and hits that an agency has in mind before the first; what was learned fades to
        them.
    tried, won
        float64[C, 2], changed: watches and those that led to a seizure, on own and on partners'
        word.
    owed
        float64[C, C], added to: the row's hits on the column's word.
    by_word
        int64[words], added to: hits by the kind of event that told of them.
    expired
        int64[S * N, 2], written from the front: watches whose last week has passed without a hit.

    Returns
    -------
    Hits of watches that were open for one, and number of expired ones.
    """
    on_tips = 0
    count = 0
    if watched.any():
        for own in range(tried.shape[0]):
            for word in range(tried.shape[1]):
                tried[own, word] = first_tried + (tried[own, word] - first_tried) * kept
                won[own, word] = first_won + (won[own, word] - first_won) * kept
    for s in range(watched.shape[0]):
        own = owner[s]
        for n in range(watched.shape[1]):
            if watched[s, n]:
                sender = latest[SENDER, s, n]
                foreign = 1 if sender != OWN else 0
                tried[own, foreign] += 1.0
                if caught[n, s] > 0:
                    won[own, foreign] += 1.0
                    by_word[latest[WORD, s, n]] += 1
                    if foreign:
                        owed[own, sender] += 1.0
                    if open_until[s, n] >= week:
                        open_until[s, n] = 0
                        on_tips += 1
                else:
                    interest[s, n] *= dry
            if open_until[s, n] == week:
                expired[count, 0] = s
                expired[count, 1] = n
                count += 1
    return on_tips, count
