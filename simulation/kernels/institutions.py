"""A week of institutions: C countries train, learn, practise the law and weigh up cooperation."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.functions import exp_of, raised
from tocsin.simulation.kernels.sums import summed


@compiled("f8(f8[::1], f8[::1], f8[::1], f8[::1], f8, f8, f8, f8, f8[::1], f8[::1])")
def invest(received, misspent, own, capability, absorption, tools_share, half, open_way, effect,
           tools):  # fmt: skip
    """Turn a programme's funds into training and tools, as far as countries can put them to use.

    Parameters
    ----------
    received, misspent, own, capability
        float64[C]: funds of the programme, share of them that is misspent, a country's own
        funds, its capability.
    absorption
        Funds that a country of capability 1 can use.
    tools_share, half, open_way
        Share of the funds for tools; funds for training with half of its effect; whether
        training gets through.
    effect, tools
        float64[C], written: what training will bring, funds of tools in use.

    Returns
    -------
    Funds that could not be used.
    """
    left = np.empty(own.size)
    for c in range(own.size):
        funds = received[c] * (1 - misspent[c]) + own[c]
        usable = min(funds, absorption * capability[c])
        left[c] = funds - usable
        training = usable * (1 - tools_share)
        effect[c] = open_way * training / (training + half)
        tools[c] = open_way * usable * tools_share
    return summed(left, 0, left.size)


@compiled("void(i8[:, ::1], i8[::1], f8, f8[::1], i8[::1])")
def look_back(seized_by, agency, weeks, lately, cases):
    """What each country has seized of late, and seizures of the week by agency.

    Parameters
    ----------
    seized_by, agency
        int64[K, C] amounts of the week; int64[n] agency of each seizure.
    weeks
        How long an amount is remembered.
    lately, cases
        float64[C], changed in place: amount a week; int64[A], added to.
    """
    for c in range(lately.size):
        lately[c] += (seized_by[:, c].sum() - lately[c]) / weeks
    for n in range(agency.size):
        cases[agency[n]] += 1


@compiled("void(f8, f8[::1], f8[::1], f8[::1])")
def misspent(most, corruption, found, out):
    """Share of its funds that each country misspends; less in the year after a finding.

    Parameters
    ----------
    most
        Share where everything can be bought.
    corruption, found
        float64[C]: share that can be bought, share that an audit found last.
    out
        float64[C], written.
    """
    for c in range(out.size):
        out[c] = max(most * corruption[c] - found[c], 0.0)


@compiled("void(f8[::1], f8, f8, f8, f8[::1], f8[::1])")
def grow(effect, rate, ceiling, lost, baseline, capability):
    """Let training take effect, and skills beyond the baseline fade; all vectors float64[C].

    Parameters
    ----------
    effect
        What training brings.
    rate, ceiling, lost
        How much of the way to the ceiling it makes; share that fades.
    baseline, capability
        `capability` is changed in place.
    """
    for c in range(capability.size):
        capability[c] += rate * effect[c] * max(ceiling - capability[c], 0.0)
        capability[c] -= lost * (capability[c] - baseline[c])


@compiled("void(f8[:, ::1], i8[::1], f8[::1], f8[::1], f8, f8, f8, f8[:, ::1], f8[::1], f8[::1])")
def study(told, cases, capability, tools, half, kept, step, heard, made, method):
    """Let agencies learn methods: by themselves, by tools, by what partners show.

    Parameters
    ----------
    told, cases
        float64[C, C], int64[C]: seizures that a row hears of from a column, own seizures.
    capability, tools, half
        float64[C], float64[C]: skill, funds of tools; funds with half of their effect.
    kept, step
        Share of what was heard that is remembered; how fast knowledge follows.
    heard, made, method
        float64[C, C], float64[C], float64[C], changed in place.
    """
    countries = cases.size
    for c in range(countries):
        made[c] = made[c] * kept + cases[c]
    level = np.empty(countries)
    for c in range(countries):
        taught = 0.0
        for other in range(countries):
            heard[c, other] = heard[c, other] * kept + told[c, other]
            shown = min(heard[c, other] / max(made[other], 1.0), 1.0)
            taught = max(taught, shown * method[other])
        level[c] = max(capability[c], taught)
        level[c] += (1 - level[c]) * (tools[c] / (tools[c] + half))
    for c in range(countries):
        method[c] += step * (level[c] - method[c])


@compiled("void(b1[::1], f8[::1], f8[::1], f8, f8, f8, f8[:, ::1], f8[::1], f8[:, ::1])")
def practise(ratified, will, corruption, review, step, provisions, base, compliance, compatibility):
    """Let practice follow what was signed, and law become compatible as far as both comply.

    Parameters
    ----------
    ratified, will, corruption
        bool[C], float64[C], float64[C].
    review, step, provisions
        How far compliance is reviewed, how fast practice follows, how far the instrument goes.
    base, compliance, compatibility
        float64[C, C], float64[C], float64[C, C]: law at the start; the others are changed.
    """
    for c in range(ratified.size):
        kept = will[c] * (review + (1 - review) * (1 - corruption[c])) if ratified[c] else 0.0
        compliance[c] += step * (kept - compliance[c])
    for c in range(ratified.size):
        for other in range(ratified.size):
            closed = provisions * np.sqrt(compliance[c] * compliance[other])
            compatibility[c, other] = base[c, other] + (1 - base[c, other]) * closed


@compiled(
    "void(f8, f8, f8, f8, f8, f8, f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[::1], f8[::1], f8[::1], "
    "f8[::1], b1[:, ::1], f8[:, ::1])"
)
def shared(constant, of_trust, of_law, of_language, of_will, of_sovereignty, trust, law, distance,
           will, sovereignty, asked, effort, told, out):  # fmt: skip
    """Probability that an item of a row's country is shared with a column's: a logit choice.

    Parameters
    ----------
    constant, of_trust, of_law, of_language, of_will, of_sovereignty
        Weights.
    trust, law, distance
        float64[C, C].
    will, sovereignty, asked, effort
        float64[C], of the row's country; what was agreed, and how much of it is done.
    told
        bool[C, C], whom a country tells anything.
    out
        float64[C, C], written.
    """
    for c in range(will.size):
        own = of_will * will[c] - of_sovereignty * sovereignty[c]
        for other in range(will.size):
            odds = constant + of_trust * trust[c, other] + of_law * law[c, other]
            odds = odds + of_language * (1 - distance[c, other]) + own
            wish = 1 / (1 + exp_of(-odds))
            out[c, other] = asked[c] * effort[c] * wish * told[c, other]


@compiled("void(f8[:, ::1], f8[::1], i8[::1], f8[::1], f8, f8, f8, f8[::1], f8[::1], f8[::1])")
def weigh(owed, writing, cases, officers, step, payoff, least, given_back, worked, effort):
    """Let members keep up or drop their effort to share, as cooperation pays.

    Parameters
    ----------
    owed
        float64[C, C], seizures of the row owed to the column.
    writing, cases, officers
        float64[C], int64[C], float64[C]: officers who wrote items up and what all of them seized,
        so seizures forgone.
    step, payoff, least
        Share of the memory that is new, how effort answers, least effort.
    given_back, worked, effort
        float64[C], changed in place: memory of both, effort.
    """
    for c in range(effort.size):
        gained = 0.0
        for other in range(effort.size):
            gained += owed[c, other]
        given_back[c] += step * (gained - given_back[c])
        worked[c] += step * (writing[c] * (cases[c] / officers[c]) - worked[c])
        both = given_back[c] + worked[c]
        if both > 0:
            effort[c] += payoff * ((given_back[c] - worked[c]) / both)
        effort[c] = min(max(effort[c], least), 1.0)


@compiled("void(f8[:, ::1], f8, f8[:, ::1], f8[:, ::1], f8, f8, f8[:, ::1])")
def befriend(hits, gain, sharing, usual, reciprocity, fade, trust):
    """Move trust by one week: it grows with hits, answers what is given, and fades.

    Parameters
    ----------
    hits, gain
        float64[C, C], seizures of the row on the column's word; part of the doubts that each
        removes.
    sharing, usual
        float64[C, C]: what a row gives to a column, trust at the start.
    reciprocity, fade
        How far trust answers an uneven exchange, how fast it falls back.
    trust
        float64[C, C], changed in place.
    """
    for c in range(trust.shape[0]):
        for other in range(trust.shape[0]):
            level = trust[c, other]
            level += (1 - level) * (1 - raised(1 - gain, hits[c, other]))
            level += reciprocity * (sharing[other, c] - sharing[c, other])
            level += fade * (usual[c, other] - level)
            trust[c, other] = min(max(level, 0.0), 1.0) if c != other else 0.0


@compiled("UniTuple(f8, 3)(i8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[:, ::1], f8[:, ::1])")
def credit(cases, capability, baseline, usual, bought, legal, compatibility):
    """What a week's seizures owe to programmes, in seizures, and how much closer law has come.

    Parameters
    ----------
    cases
        int64[C], seizures.
    capability, baseline, usual, bought
        float64[C]: with and without training; share that can be bought without and with a
        programme.
    legal, compatibility
        float64[C, C], law without and with an instrument.

    Returns
    -------
    Seizures owed to training, to integrity; mean share of law that came of an instrument.
    """
    countries = cases.size
    trained, honest = np.empty(countries), np.empty(countries)
    closer = np.empty(countries * countries)
    for c in range(countries):
        gained = (capability[c] - baseline[c]) / max(capability[c], 1e-9)
        trained[c] = cases[c] * gained
        honest[c] = cases[c] * (usual[c] - bought[c]) / max(1 - bought[c], 0.05)
        for other in range(countries):
            law = legal[c, other] / max(compatibility[c, other], 1e-9)
            closer[c * countries + other] = 1 - law
    return (
        summed(trained, 0, countries),
        summed(honest, 0, countries),
        summed(closer, 0, closer.size) / closer.size,
    )
