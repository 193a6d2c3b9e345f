"""What agencies come to know of routes, and what of it is sold."""

import numpy as np

from simulation.kernels.compiling import compiled
from simulation.kernels.draws import drawn, hashed

OWN = -1  # sender of what an agency knows by itself
MODUS, SEEN, SENDER, WORD = 0, 1, 2, 3  # rows of what is noted of the latest tip
ORIGIN, NETWORK, METHOD, START, END = 0, 1, 2, 3, 4  # columns of a route that somebody saw


@compiled(
    "void(i8[:, ::1], u8[::1], i8, i8, b1[:, ::1], i4[::1], i2[::1], f8[:, ::1], i4[:, :, ::1], "
    "u8[:, ::1])"
)
def receive(routes, key, seen, word, readers, place_sector, owner, interest, latest, latest_key):
    """Note n tips, one after the other, on those of their sectors whose owner may read them.

    A newer modus operandi replaces an older one and begins anew; an older one is no news. A route
    meets no sector twice.

    Parameters
    ----------
    routes
        int64[n, 5]: country that knows, network, its modus operandi, first and last place
        (exclusive).
    key
        uint64[n], stable keys.
    seen, word
        Week in which all of them were seen, and by what kind of event they become known.
    readers
        bool[n, C].
    place_sector, owner
        int32[P], int16[S]: sector of a place, country of a sector.
    interest
        float64[S, N], changed: what tips are worth to the owner of the sector.
    latest
        int32[4, S, N], changed: modus operandi, week seen, sender (or OWN) and word of the latest.
    latest_key
        uint64[S, N], changed: its key.
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


@compiled("i8(u8, u8[::1], u8[::1], b1[:, ::1], f8[::1], i8[:, ::1])")
def leak(stream, key, country_key, readers, chance, leaks):
    """Draw which readers of n released items sell them.

    Parameters
    ----------
    stream
        uint64, key of the stream.
    key, country_key
        uint64[n], uint64[C].
    readers
        bool[n, C].
    chance
        float64[C], probability that a country's agency sells what it reads.
    leaks
        int64[n * C, 2], written from the front: item and reader.

    Returns
    -------
    Number of leaks.
    """
    count = 0
    for i in range(key.size):
        for reader in range(chance.size):
            if not readers[i, reader]:
                continue
            entity = hashed(key[i], country_key[reader])
            if drawn(stream, entity, np.uint64(0), np.uint64(0)) < chance[reader]:
                leaks[count, 0] = i
                leaks[count, 1] = reader
                count += 1
    return count
