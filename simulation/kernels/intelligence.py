"""What agencies come to know of routes, and what of it is sold."""

from typing import Annotated

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I2, I4, I8, U8
from tocsin.simulation.kernels.draws import drawn, hashed

OWN = -1  # sender of what an agency knows by itself
MODUS, SEEN, SENDER, WORD = 0, 1, 2, 3  # rows of what is noted of the latest tip
ORIGIN, NETWORK, METHOD, START, END = 0, 1, 2, 3, 4  # columns of a route that somebody saw


@compiled
def receive(
    routes: Annotated[I8, "n, 5"],
    key: Annotated[U8, "n"],
    seen: int,
    word: int,
    readers: Annotated[B1, "n, A"],
    place_sector: Annotated[I4, "P"],
    owner: Annotated[I2, "S"],
    interest: Annotated[F8, "S, N"],
    latest: Annotated[I4, "4, S, N"],
    latest_key: Annotated[U8, "S, N"],
) -> None:
    """Note n tips, one after the other, on those of their sectors whose owner may read them.

    A newer modus operandi replaces an older one and begins anew; an older one is no news. A route
    meets no sector twice.

    Parameters
    ----------
    routes
        Agency that knows, network, its modus operandi, first and last place
        (exclusive).
    key
        Stable keys.
    seen, word
        Week in which all of them were seen, and by what kind of event they become known.
    place_sector, owner
        Sector of a place, agency of a sector.
    interest
        Changed: what tips are worth to the owner of the sector.
    latest
        Changed: modus operandi, week seen, sender (or OWN) and word of the latest.
    latest_key
        Changed: its key.
    """
    for i in range(key.size):
        origin, n, modus = routes[i, ORIGIN], routes[i, NETWORK], routes[i, METHOD]
        for place in range(routes[i, START], routes[i, END]):
            sector = place_sector[place]
            known = latest[MODUS, sector, n]
            if not readers[i, owner[sector]] or known > modus:
                continue
            interest[sector, n] = 1.0 if known < modus else interest[sector, n] + 1.0
            latest[MODUS, sector, n] = modus
            latest[SEEN, sector, n] = seen
            latest[SENDER, sector, n] = OWN if owner[sector] == origin else origin
            latest[WORD, sector, n] = word
            latest_key[sector, n] = key[i]


@compiled
def let_out(
    week: int,
    weeks: Annotated[I8, "n"],
    routes: Annotated[I8, "n, 5"],
    recipients: Annotated[B1, "n, A"],
    active: Annotated[B1, "N"],
    readers: Annotated[B1, "n, A"],
) -> None:
    """Say who reads which of n items this week.

    Parameters
    ----------
    week, weeks
        Present week, and week of release of each item.
    routes, active
        The network of each item is read; of one that has ended nobody reads.
    recipients, readers
        Who will read each item; written: who reads it now.
    """
    for i in range(weeks.size):
        due = weeks[i] == week and active[routes[i, NETWORK]]
        for reader in range(readers.shape[1]):
            readers[i, reader] = due and recipients[i, reader]


@compiled
def sell(
    stream: np.uint64,
    key: Annotated[U8, "n"],
    agency_key: Annotated[U8, "A"],
    readers: Annotated[B1, "n, A"],
    rate: float,
    bought: Annotated[F8, "A"],
    unprotected: float,
    leaks: Annotated[I8, "n * A, 2"],
) -> int:
    """Draw which readers sell what they read.

    Parameters
    ----------
    stream, key, agency_key
        Key of the stream, of each item, of each agency.
    rate, bought, unprotected
        Probability that an agency sells what it reads if all of it can be bought and nothing is
        protected; share that can be bought; share that is not protected.
    leaks
        Written from the front: item and reader.

    Returns
    -------
    Number of leaks.
    """
    count = 0
    for i in range(key.size):
        for reader in range(bought.size):
            if not readers[i, reader]:
                continue
            entity = np.uint64(hashed(key[i], agency_key[reader]))
            chance = rate * bought[reader] * unprotected
            if drawn(stream, entity, np.uint64(0), np.uint64(0)) < chance:
                leaks[count, 0], leaks[count, 1] = i, reader
                count += 1
    return count
