"""Who is told what of a week's seizures, which routes they reveal, and what the public tells."""

import math

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.draws import draw_each, drawn, hashed
from tocsin.simulation.kernels.intelligence import END, METHOD, NETWORK, ORIGIN, START
from tocsin.simulation.kernels.sums import summed

FIRST, ALWAYS = np.uint64(0), np.uint64(0)  # the first draw, of what is drawn once for all weeks


@compiled(
    "UniTuple(i8, 2)(u8[::1], i8, u8[::1], i8[::1], i8[::1], b1[::1], f8[:, ::1], f8, f8, i8, i8, "
    "f8, b1[:, ::1], i8[::1], f8[::1])"
)
def share(
    streams,
    week,
    key,
    country,
    network,
    active,
    given,
    readable,
    by_hand,
    fast,
    slow,
    effort,
    recipients,
    weeks,
    writing,
):
    """Decide for each of n seizures whom its agency tells, who can read it, and when it comes out.

    One draw for a seizure is held against every partner's chance to be told.

    Parameters
    ----------
    streams
        uint64[3], keys of the streams: share, read, liaison.
    week
        Present week.
    key, country, network
        uint64, int64, int64 [n]: key of the shipment, whose agency, which network.
    active
        bool[N], networks in business; of the others nothing is told.
    given
        float64[C, C], probability that the row's country tells the column's.
    readable, by_hand
        Probability that a system can read an item, and that a liaison officer carries it.
    fast, slow
        Weeks that an item takes with and without a liaison officer.
    effort
        What it takes to write up an item.
    recipients
        bool[n, C], written: who is told and can read it.
    weeks
        int64[n], written: week of release, 0 for what nobody will read.
    writing
        float64[C], written: effort of each country for what it wrote up.

    Returns
    -------
    Number of items that were shared, and of those that a liaison officer brought sooner.
    """
    size, countries = key.size, given.shape[1]
    line, luck = np.empty(size), np.empty(size)
    draw_each(streams[0], key, size, ALWAYS, FIRST, line)
    for other in range(countries):
        draw_each(streams[1], key, size, ALWAYS, np.uint64(other), luck)
        for i in range(size):
            recipients[i, other] = luck[i] < readable
    draw_each(streams[2], key, size, ALWAYS, FIRST, luck)
    writing[:] = 0.0
    shared = 0
    sooner = 0
    for i in range(size):
        own, told, read = country[i], False, False
        for other in range(countries):
            wanted = active[network[i]] and given[own, other] > line[i]
            told = told or wanted
            recipients[i, other] = recipients[i, other] and wanted
            read = read or recipients[i, other]
        carried = luck[i] < by_hand
        weeks[i] = week + 1 + (fast if carried else slow) if read else 0
        if told:
            shared += 1
            sooner += carried and fast < slow
            writing[own] += 1.0
    for own in range(countries):
        writing[own] *= effort
    return shared, sooner


@compiled(
    "i8(u8[::1], u8[::1], i8[::1], i8[::1], i4[::1], i8[::1], b1[:, ::1], b1[::1], i4[::1], f8, "
    "f8[::1], f8, i4[::1], i4[::1], i4[::1], u8[::1], i8[:, ::1], i8[::1], b1[:, ::1], b1[:, ::1])"
)
def reveal(
    streams,
    key,
    country,
    network,
    lane,
    weeks,
    recipients,
    active,
    modus,
    disclosure,
    skill,
    accuracy,
    lane_network,
    lane_start,
    lane_end,
    tips,
    routes,
    until,
    told,
    knows,
):
    """Find the seizures that reveal a route, and the route that each seems to reveal.

    It is the shipment's own lane, or by mistake any of the network's; lanes of one network lie
    side by side.

    Parameters
    ----------
    streams
        uint64[3], keys of the streams: disclosure, accuracy, wrong route.
    key, country, network, lane
        uint64, int64, int64, int32 [n], of the seizures.
    weeks, recipients
        int64[n], bool[n, C], as `share` has written them.
    active, modus
        bool[N], int32[N]: networks in business (routes of the others are of no use), and how
        they work.
    disclosure, skill
        Probability that a seizure reveals a route, and the factor on it, float64[C].
    accuracy
        Probability that the route is the right one.
    lane_network, lane_start, lane_end
        int32[L], network of each lane, ascending; its first and last place (exclusive).
    tips, until, told
        uint64[n], int64[n], bool[n, C], written from the front: key, week of release and
        recipients.
    routes
        int64[n, 5], written from the front: what `receive` takes.
    knows
        bool[n, C], written from the front: who made the seizure.

    Returns
    -------
    Number of tips.
    """
    luck = np.empty(key.size)
    draw_each(streams[0], key, key.size, ALWAYS, FIRST, luck)
    count = 0
    for i in range(key.size):
        if luck[i] >= disclosure * skill[country[i]] or not active[network[i]]:
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
            knows[count, other] = other == country[i]
        routes[count, ORIGIN], routes[count, NETWORK] = country[i], network[i]
        routes[count, METHOD] = modus[network[i]]
        routes[count, START], routes[count, END] = lane_start[found], lane_end[found]
        count += 1
    return count


@compiled("void(i8[::1], b1[:, ::1], i8[::1], f8[:, :, ::1])")
def tell(weeks, recipients, origin, coming):
    """Note for the week of release that readers will hear of a seizure.

    Parameters
    ----------
    weeks, recipients, origin
        int64[n], bool[n, C], int64[n]: week of release, readers and sender of each seizure.
    coming
        float64[weeks, C, C], added to: seizures of which readers (rows) hear from senders.
    """
    for i in range(weeks.size):
        slot = weeks[i] % coming.shape[0]
        for reader in range(recipients.shape[1]):
            if recipients[i, reader]:
                coming[slot, reader, origin[i]] += 1.0


@compiled("i8(u8[::1], i8, u8[::1], i2[::1], i4[::1], f8, f8, i8[:, ::1])")
def public_tips(streams, week, country_key, owner, passed, usual, aware, tips):
    """Draw how many tips people of each country give in a week, and of which places.

    Parameters
    ----------
    streams
        uint64[2], keys of the streams: public, public place.
    week, country_key
        Present week; uint64[C].
    owner, passed
        int16[P], int32[P]: country of each place, shipments that passed there; each of them is
        as likely to be seen.
    usual, aware
        Tips a week of a country of average flow, and the factor on them for an aware public.
    tips
        int64[most, 3], written from the front: country, number among its tips, place. There are
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
            key = hashed(country_key[country], np.uint64(nth))
            line = drawn(streams[1], key, now, FIRST) * by_country[country]
            place, seen = -1, 0.0
            while place < 0 or seen < line:
                place += 1
                if owner[place] == country:
                    seen += passed[place]
            tips[count, 0], tips[count, 1], tips[count, 2] = country, nth, place
            count += 1
    return count
