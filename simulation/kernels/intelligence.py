"""What agencies come to know of routes, and what of it is sold."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.draws import drawn, hashed

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


@compiled(
    "i8(u8, i8, i8[::1], u8[::1], i8[:, ::1], b1[:, ::1], b1[::1], u8[::1], f8, f8[::1], f8, "
    "b1[:, ::1], i8[:, ::1])"
)
def release(stream, week, weeks, key, routes, recipients, active, country_key, rate, bought,
            unprotected, readers, leaks):  # fmt: skip
    """Let out what is due of n items, and draw which of its readers sell it.

    Parameters
    ----------
    stream, week
        Key of the stream (uint64), present week.
    weeks, key, routes
        int64[n], week of release; uint64[n]; int64[n, 5], of which the network is read.
    recipients, active
        bool[n, C], bool[N]: of a network that has ended nobody reads.
    country_key
        uint64[C].
    rate, bought, unprotected
        Probability that an agency sells what it reads if all of it can be bought and nothing is
        protected; float64[C], share that can be bought; share that is not protected.
    readers
        bool[n, C], written.
    leaks
        int64[n * C, 2], written from the front: item and reader.

    Returns
    -------
    Number of leaks.
    """
    count = 0
    for i in range(key.size):
        due = weeks[i] == week and active[routes[i, NETWORK]]
        for reader in range(bought.size):
            readers[i, reader] = due and recipients[i, reader]
            if not readers[i, reader]:
                continue
            entity = hashed(key[i], country_key[reader])
            chance = rate * bought[reader] * unprotected
            if drawn(stream, entity, np.uint64(0), np.uint64(0)) < chance:
                leaks[count, 0] = i
                leaks[count, 1] = reader
                count += 1
    return count
