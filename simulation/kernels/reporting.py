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


@compiled(reason="one pass over the seizures; a second kernel would read all of it again")
def share(
    streams: Annotated[U8, "3"],
    week: int,
    key: Annotated[U8, "n"],
    agency: Annotated[I8, "n"],
    network: Annotated[I8, "n"],
    active: Annotated[B1, "N"],
    given: Annotated[F8, "A, A"],
    readable: float,
    by_hand: float,
    fast: int,
    slow: int,
    effort: float,
    recipients: Annotated[B1, "n, A"],
    weeks: Annotated[I8, "n"],
    writing: Annotated[F8, "A"],
) -> tuple[int, int]:
    """Decide for each of n seizures whom its agency tells, who can read it, and when it comes out.

    One draw for a seizure is held against every partner's chance to be told.

    Parameters
    ----------
    streams, week
        Keys of the streams (share, read, liaison); present week.
    key, agency, network
        Key of the shipment, whose seizure, which network.
    active
        Networks in business; of the others nothing is told.
    given
        Probability that the row's agency tells the column's.
    readable, by_hand
        Probability that a system can read an item, and that a liaison officer carries it.
    fast, slow
        Weeks that an item takes with and without a liaison officer.
    effort
        Officers who write up an item.
    recipients, weeks
        Written: who is told and can read it; week of release, 0 for what nobody will read.
    writing
        Written: officers of each agency who write up.

    Returns
    -------
    Number of items that were shared, and of those that a liaison officer brought sooner.
    """
    size, agencies = key.size, given.shape[1]
    line, luck = np.empty(size), np.empty(size)
    draw_each(streams[0], key, size, ALWAYS, FIRST, line)
    for other in range(agencies):
        draw_each(streams[1], key, size, ALWAYS, np.uint64(other), luck)
        for i in range(size):
            recipients[i, other] = luck[i] < readable
    draw_each(streams[2], key, size, ALWAYS, FIRST, luck)
    writing[:] = 0.0
    shared, sooner = 0, 0
    for i in range(size):
        told, read = False, False
        for other in range(agencies):
            wanted = active[network[i]] and given[agency[i], other] > line[i]
            told = told or wanted
            recipients[i, other] = recipients[i, other] and wanted
            read = read or recipients[i, other]
        carried = luck[i] < by_hand
        weeks[i] = week + 1 + (fast if carried else slow) if read else 0
        if told:
            writing[agency[i]] += 1.0
            shared += 1
            sooner += carried and fast < slow
    for own in range(agencies):
        writing[own] *= effort
    return shared, int(sooner)


@compiled(reason="each row of what a seizure reveals is written at once, where it is drawn")
def reveal(
    streams: Annotated[U8, "3"],
    key: Annotated[U8, "n"],
    agency: Annotated[I8, "n"],
    network: Annotated[I8, "n"],
    lane: Annotated[I4, "n"],
    weeks: Annotated[I8, "n"],
    recipients: Annotated[B1, "n, A"],
    active: Annotated[B1, "N"],
    modus: Annotated[I4, "N"],
    disclosure: float,
    skill: Annotated[F8, "A"],
    accuracy: float,
    lane_network: Annotated[I4, "L"],
    lane_start: Annotated[I4, "L"],
    lane_end: Annotated[I4, "L"],
    tips: Annotated[U8, "n"],
    routes: Annotated[I8, "n, 5"],
    until: Annotated[I8, "n"],
    told: Annotated[B1, "n, A"],
    knows: Annotated[B1, "n, A"],
) -> int:
    """Find the seizures that reveal a route, and the route that each seems to reveal.

    It is the shipment's own lane, or by mistake any of the network's; lanes of one network lie
    side by side.

    Parameters
    ----------
    streams
        Keys of the streams: disclosure, accuracy, wrong route.
    key, agency, network, lane
        Of each seizure.
    weeks, recipients
        As `share` has written them.
    active, modus
        Networks in business (routes of the others are of no use), and how they work.
    disclosure, skill
        Probability that a seizure reveals a route, and the factor on it.
    accuracy
        Probability that the lane is the right one.
    lane_network, lane_start, lane_end
        Network of each lane, ascending; its first and last place (exclusive).
    tips, until, told
        Written from the front: key, week of release and recipients.
    routes, knows
        Written from the front: what `receive` takes, and who made the seizure.

    Returns
    -------
    How many do.
    """
    luck = np.empty(key.size)
    draw_each(streams[0], key, key.size, ALWAYS, FIRST, luck)
    count = 0
    for i in range(key.size):
        if luck[i] >= disclosure * skill[agency[i]] or not active[network[i]]:
            continue
        found = np.int64(lane[i])
        if drawn(streams[1], key[i], ALWAYS, FIRST) > accuracy:
            start, stop = found, found + 1
            while start > 0 and lane_network[start - 1] == network[i]:
                start -= 1
            while stop < lane_network.size and lane_network[stop] == network[i]:
                stop += 1
            found = start + np.int64(drawn(streams[2], key[i], ALWAYS, FIRST) * (stop - start))
        tips[count], until[count] = key[i], weeks[i]
        for other in range(skill.size):
            told[count, other] = recipients[i, other]
            knows[count, other] = other == agency[i]
        routes[count, ORIGIN], routes[count, NETWORK] = agency[i], network[i]
        routes[count, METHOD] = modus[network[i]]
        routes[count, START], routes[count, END] = lane_start[found], lane_end[found]
        count += 1
    return count


@compiled
def tell(
    weeks: Annotated[I8, "n"],
    recipients: Annotated[B1, "n, A"],
    origin: Annotated[I8, "n"],
    coming: Annotated[F8, "W, A, A"],
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
