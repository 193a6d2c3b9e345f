"""What agencies watch, and what they learn from it, in one pass over sectors and networks."""

from typing import Annotated

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I2, I4, I8
from tocsin.simulation.kernels.intelligence import OWN, SENDER, WORD


@compiled
def choose_watches(
    interest: Annotated[F8, "S, N"],
    sender: Annotated[I4, "S, N"],
    owner: Annotated[I2, "S"],
    tried: Annotated[F8, "A, 2"],
    won: Annotated[F8, "A, 2"],
    least: float,
    trust: float,
    most: int,
    chosen: Annotated[B1, "S, N"],
) -> None:
    """Choose what each agency watches: the pairs of its most telling tips, earlier ones first.

    Partners' tips count as far as they have come true before, relative to own ones.

    Parameters
    ----------
    interest, sender
        Worth of the tips on a pair, and whose word the latest is.
    owner
        Agency of each sector.
    tried, won
        Watches and those that led to a seizure, on own and on partners' word.
    least
        What a tip must count for.
    trust
        How much more than its own tips an agency may trust those of others.
    most
        How many pairs an agency can watch.
    chosen
        Written.
    """
    agencies, networks = tried.shape[0], interest.shape[1]
    trusted = np.empty(agencies)
    for c in range(agencies):
        trusted[c] = min(trust, (won[c, 1] / tried[c, 1]) / (won[c, 0] / tried[c, 0]))
    number = np.zeros(agencies, dtype=np.int64)
    value = np.empty((agencies, most + 1))  # of each agency's best pairs, falling
    pair = np.empty((agencies, most + 1), dtype=np.int64)
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


@compiled
def begin_watches(
    chosen: Annotated[B1, "S, N"],
    watched: Annotated[B1, "S, N"],
    sender: Annotated[I4, "S, N"],
    until: int,
    open_until: Annotated[I4, "S, N"],
    begun: Annotated[I8, "S * N, 3"],
) -> int:
    """Find the watches that begin; those on a partner's word stay open for a hit until a week.

    Parameters
    ----------
    chosen, watched
        What is watched from now on, and what was watched before.
    sender
        Whose word the latest tip is.
    until
        Last week in which a hit counts.
    open_until
        Changed.
    begun
        Written from the front: sector, network and sender.

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


@compiled
def fade_trust(
    first_tried: float,
    first_won: float,
    kept: float,
    tried: Annotated[F8, "A, 2"],
    won: Annotated[F8, "A, 2"],
) -> None:
    """Let what was learned from watches fade to what an agency has in mind before the first.

    Parameters
    ----------
    first_tried, first_won
        Watches and hits at first.
    kept
        Share of what was learned that outlasts a week of watching.
    tried, won
        Changed: watches and those that led to a seizure, on own and on partners' word.
    """
    for own in range(tried.shape[0]):
        for word in range(tried.shape[1]):
            tried[own, word] = first_tried + (tried[own, word] - first_tried) * kept
            won[own, word] = first_won + (won[own, word] - first_won) * kept


@compiled(reason="one pass over all sectors and networks")
def judge_watches(
    week: int,
    watched: Annotated[B1, "S, N"],
    caught: Annotated[F8, "N, S"],
    owner: Annotated[I2, "S"],
    latest: Annotated[I4, "4, S, N"],
    dry: float,
    interest: Annotated[F8, "S, N"],
    open_until: Annotated[I4, "S, N"],
    tried: Annotated[F8, "A, 2"],
    won: Annotated[F8, "A, 2"],
    owed: Annotated[F8, "A, A"],
    by_word: Annotated[I8, "words"],
    expired: Annotated[I8, "S * N, 2"],
) -> tuple[int, int]:
    """Count which watches led to a seizure this week, and on whose word.

    Parameters
    ----------
    week, caught
        Present week and its seizures.
    owner
        Agency of each sector.
    latest
        Of the latest tip, as `receive` notes it.
    dry
        What is left of the interest after a week of watching in vain.
    interest, open_until
        Changed. A hit closes a watch that is open for one.
    tried, won
        Changed: watches and those that led to a seizure, on own and on partners' word.
    owed, by_word
        Added to: the row's hits on the column's word; hits by the kind of event that told of them.
    expired
        Written from the front: watches whose last week has passed without a hit.

    Returns
    -------
    Hits of watches that were open for one, and number of expired ones.
    """
    on_tips = 0
    count = 0
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
