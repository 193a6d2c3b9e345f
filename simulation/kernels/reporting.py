"""Who is told what of a week's seizures, which routes they reveal, and what the public tells."""

import math
from typing import Annotated

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I2, I4, I8, U8
from tocsin.simulation.kernels.draws import draw_each, drawn, hashed
from tocsin.simulation.kernels.intelligence import END, METHOD, NETWORK, ORIGIN, START
from tocsin.simulation.kernels.sums import summed

FIRST, ALWAYS = np.uint64(0), np.uint64(0)  # the first draw, of what is drawn once for all weeks


@compiled
def address(
    streams: Annotated[U8, "2"],
    key: Annotated[U8, "n"],
    country: Annotated[I8, "n"],
    network: Annotated[I8, "n"],
    active: Annotated[B1, "N"],
    given: Annotated[F8, "C, C"],
    readable: float,
    recipients: Annotated[B1, "n, C"],
    told: Annotated[B1, "n"],
    items: Annotated[F8, "C"],
) -> None:
    """Decide for each of n seizures whom its agency tells, and who can read it.

    One draw for a seizure is held against every partner's chance to be told.

    Parameters
    ----------
    streams
        Keys of the streams: share, read.
    key, country, network
        Key of the shipment, whose agency, which network.
    active
        Networks in business; of the others nothing is told.
    given
        Probability that the row's country tells the column's.
    readable
        Probability that a system can read an item.
    recipients, told
        Written: who is told and can read it; whether anybody is told.
    items
        Written: how many each country writes up.
    """
    size, countries = key.size, given.shape[1]
    line, luck = np.empty(size), np.empty(size)
    draw_each(streams[0], key, size, ALWAYS, FIRST, line)
    for other in range(countries):
        draw_each(streams[1], key, size, ALWAYS, np.uint64(other), luck)
        for i in range(size):
            recipients[i, other] = luck[i] < readable
    items[:] = 0.0
    for i in range(size):
        told[i] = False
        for other in range(countries):
            wanted = active[network[i]] and given[country[i], other] > line[i]
            told[i] = told[i] or wanted
            recipients[i, other] = recipients[i, other] and wanted
        if told[i]:
            items[country[i]] += 1.0


@compiled
def schedule(
    stream: np.uint64,
    week: int,
    key: Annotated[U8, "n"],
    told: Annotated[B1, "n"],
    recipients: Annotated[B1, "n, C"],
    by_hand: float,
    fast: int,
    slow: int,
    weeks: Annotated[I8, "n"],
) -> tuple[int, int]:
    """Say when each of n items comes out, by a liaison officer or the slow way.

    Parameters
    ----------
    stream, week, key
        Key of the stream, present week, key of each shipment.
    told, recipients
        Whether anybody is told; who is told and can read it.
    by_hand
        Probability that a liaison officer carries an item.
    fast, slow
        Weeks that an item takes with and without a liaison officer.
    weeks
        Written: week of release, 0 for what nobody will read.

    Returns
    -------
    Number of items that were shared, and of those that a liaison officer brought sooner.
    """
    luck = np.empty(key.size)
    draw_each(stream, key, key.size, ALWAYS, FIRST, luck)
    shared, sooner = 0, 0
    for i in range(key.size):
        carried = luck[i] < by_hand
        read = False
        for other in range(recipients.shape[1]):
            read = read or recipients[i, other]
        weeks[i] = week + 1 + (fast if carried else slow) if read else 0
        if told[i]:
            shared += 1
            sooner += carried and fast < slow
    return shared, int(sooner)


@compiled
def reveal(
    stream: np.uint64,
    key: Annotated[U8, "n"],
    country: Annotated[I8, "n"],
    network: Annotated[I8, "n"],
    active: Annotated[B1, "N"],
    disclosure: float,
    skill: Annotated[F8, "C"],
    which: Annotated[I8, "n"],
) -> int:
    """Find the seizures that reveal a route.

    Parameters
    ----------
    stream, key, country, network
        Key of the stream; key, country and network of each seizure.
    active
        Networks in business; routes of the others are of no use.
    disclosure, skill
        Probability that a seizure reveals a route, and the factor on it.
    which
        Written from the front: numbers of the seizures.

    Returns
    -------
    How many do.
    """
    luck = np.empty(key.size)
    draw_each(stream, key, key.size, ALWAYS, FIRST, luck)
    count = 0
    for i in range(key.size):
        if luck[i] < disclosure * skill[country[i]] and active[network[i]]:
            which[count] = i
            count += 1
    return count


@compiled
def name_lanes(
    streams: Annotated[U8, "2"],
    which: Annotated[I8, "t"],
    key: Annotated[U8, "n"],
    network: Annotated[I8, "n"],
    lane: Annotated[I4, "n"],
    accuracy: float,
    lane_network: Annotated[I4, "L"],
    named: Annotated[I8, "t"],
) -> None:
    """Say which lane each of some seizures seems to reveal.

    It is the shipment's own, or by mistake any of the network's; lanes of one network lie side by
    side.

    Parameters
    ----------
    streams
        Keys of the streams: accuracy, wrong route.
    which
        Numbers of the seizures that reveal a route.
    key, network, lane
        Of all seizures.
    accuracy
        Probability that the lane is the right one.
    lane_network
        Network of each lane, ascending.
    named
        Written.
    """
    for row in range(which.size):
        i = which[row]
        found = np.int64(lane[i])
        if drawn(streams[0], key[i], ALWAYS, FIRST) > accuracy:
            start, stop = found, found + 1
            while start > 0 and lane_network[start - 1] == network[i]:
                start -= 1
            while stop < lane_network.size and lane_network[stop] == network[i]:
                stop += 1
            found = start + np.int64(drawn(streams[1], key[i], ALWAYS, FIRST) * (stop - start))
        named[row] = found


@compiled
def describe(
    which: Annotated[I8, "t"],
    named: Annotated[I8, "t"],
    country: Annotated[I8, "n"],
    network: Annotated[I8, "n"],
    modus: Annotated[I4, "N"],
    lane_start: Annotated[I4, "L"],
    lane_end: Annotated[I4, "L"],
    routes: Annotated[I8, "t, 5"],
) -> None:
    """Write down the routes that seizures reveal, as `receive` takes them.

    Parameters
    ----------
    which, named
        Numbers of the seizures, and the lane that each names.
    country, network
        Of all seizures.
    modus
        How networks work.
    lane_start, lane_end
        First and last place (exclusive).
    routes
        Written.
    """
    for row in range(which.size):
        own, at = which[row], named[row]
        routes[row, ORIGIN], routes[row, NETWORK] = country[own], network[own]
        routes[row, METHOD] = modus[network[own]]
        routes[row, START], routes[row, END] = lane_start[at], lane_end[at]


@compiled
def tell(
    weeks: Annotated[I8, "n"],
    recipients: Annotated[B1, "n, C"],
    origin: Annotated[I8, "n"],
    coming: Annotated[F8, "W, C, C"],
) -> None:
    """Note for the week of release that readers will hear of a seizure.

    Parameters
    ----------
    weeks, recipients, origin
        Week of release, readers and sender of each seizure.
    coming
        Added to: seizures of which readers (rows) hear from senders.
    """
    for i in range(weeks.size):
        slot = weeks[i] % coming.shape[0]
        for reader in range(recipients.shape[1]):
            if recipients[i, reader]:
                coming[slot, reader, origin[i]] += 1.0


@compiled
def public_tips(
    streams: Annotated[U8, "2"],
    week: int,
    country_key: Annotated[U8, "C"],
    owner: Annotated[I2, "P"],
    passed: Annotated[I4, "P"],
    usual: float,
    aware: float,
    tips: Annotated[I8, "most, 3"],
) -> int:
    """Draw how many tips people of each country give in a week, and of which places.

    Parameters
    ----------
    streams
        Keys of the streams: public, public place.
    week, country_key
        Present week; uint64[C].
    owner, passed
        Country of each place, shipments that passed there; each of them is
        as likely to be seen.
    usual, aware
        Tips a week of a country of average flow, and the factor on them for an aware public.
    tips
        Written from the front: country, number among its tips, place. There are
        no more than C (usual x aware + 1).

    Returns
    -------
    Number of tips.
    """
    now, count = np.uint64(week), 0
    by_country = np.zeros(country_key.size)
    for place in range(owner.size):
        if passed[place]:  # most places are empty
            by_country[owner[place]] += passed[place]
    some = by_country[by_country > 0]
    mean = summed(some, 0, some.size) / some.size
    for country in range(country_key.size):
        if by_country[country] == 0:
            continue
        rate = usual * (by_country[country] / mean) * aware
        luck = drawn(streams[0], country_key[country], now, FIRST)
        for nth in range(math.floor(rate + luck)):
            key = np.uint64(hashed(country_key[country], np.uint64(nth)))
            line = drawn(streams[1], key, now, FIRST) * by_country[country]
            place, seen = -1, 0.0
            while place < 0 or seen < line:
                place += 1
                if owner[place] == country:
                    seen += passed[place]
            tips[count, 0], tips[count, 1], tips[count, 2] = country, nth, place
            count += 1
    return count
