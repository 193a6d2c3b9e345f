"""Institutions: agencies train, learn and weigh up cooperation; countries practise the law."""

from typing import Annotated

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I8
from tocsin.simulation.kernels.functions import exp_of, raised
from tocsin.simulation.kernels.sums import summed

ALWAYS, TRUST, LAW, LANGUAGE, WILL, SOVEREIGNTY = range(6)  # weights of the choice to share


@compiled
def invest(
    received: Annotated[F8, "A"],
    misspent: Annotated[F8, "A"],
    own: Annotated[F8, "A"],
    capability: Annotated[F8, "A"],
    absorption: float,
    tools_share: float,
    half: float,
    open_way: float,
    effect: Annotated[F8, "A"],
    tools: Annotated[F8, "A"],
) -> float:
    """Turn a programme's funds into training and tools, as far as agencies can put them to use.

    Parameters
    ----------
    received, misspent, own, capability
        Funds of the programme, share of them that is misspent, an agency's own
        funds, its capability.
    absorption
        Funds that an agency of capability 1 can use.
    tools_share, half, open_way
        Share of the funds for tools; funds for training with half of its effect; whether
        training gets through.
    effect, tools
        Written: what training will bring, funds of tools in use.

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


@compiled
def look_back(
    seized_by: Annotated[I8, "K, C"],
    agency: Annotated[I8, "n"],
    weeks: float,
    lately: Annotated[F8, "C"],
    cases: Annotated[I8, "D"],
) -> None:
    """What each country has seized of late, and seizures of the week by agency.

    Parameters
    ----------
    seized_by, agency
        Amounts of the week; agency of each seizure.
    weeks
        How long an amount is remembered.
    lately, cases
        Changed in place: amount a week; added to.
    """
    for c in range(lately.size):
        lately[c] += (seized_by[:, c].sum() - lately[c]) / weeks
    for n in range(agency.size):
        cases[agency[n]] += 1


@compiled
def misspent(
    most: float,
    corruption: Annotated[F8, "C"],
    found: Annotated[F8, "C"],
    out: Annotated[F8, "C"],
) -> None:
    """Share of its funds that each country misspends; less in the year after a finding.

    Parameters
    ----------
    most
        Share where everything can be bought.
    corruption, found
        Share that can be bought, share that an audit found last.
    out
        Written.
    """
    for c in range(out.size):
        out[c] = max(most * corruption[c] - found[c], 0.0)


@compiled
def grow(
    effect: Annotated[F8, "A"],
    rate: float,
    ceiling: float,
    lost: float,
    baseline: Annotated[F8, "A"],
    capability: Annotated[F8, "A"],
) -> None:
    """Let training take effect, and skills beyond the baseline fade.

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


@compiled
def study(
    told: Annotated[F8, "A, A"],
    cases: Annotated[I8, "A"],
    capability: Annotated[F8, "A"],
    tools: Annotated[F8, "A"],
    half: float,
    kept: float,
    step: float,
    heard: Annotated[F8, "A, A"],
    made: Annotated[F8, "A"],
    method: Annotated[F8, "A"],
) -> None:
    """Let agencies learn methods: by themselves, by tools, by what partners show.

    Parameters
    ----------
    told, cases
        Seizures that a row hears of from a column, own seizures.
    capability, tools, half
        Skill, funds of tools; funds with half of their effect.
    kept, step
        Share of what was heard that is remembered; how fast knowledge follows.
    heard, made, method
        Changed in place.
    """
    agencies = cases.size
    for c in range(agencies):
        made[c] = made[c] * kept + cases[c]
    level = np.empty(agencies)
    for c in range(agencies):
        taught = 0.0
        for other in range(agencies):
            heard[c, other] = heard[c, other] * kept + told[c, other]
            shown = min(heard[c, other] / max(made[other], 1.0), 1.0)
            taught = max(taught, shown * method[other])
        level[c] = max(capability[c], taught)
        level[c] += (1 - level[c]) * (tools[c] / (tools[c] + half))
    for c in range(agencies):
        method[c] += step * (level[c] - method[c])


@compiled
def practise(
    ratified: Annotated[B1, "C"],
    will: Annotated[F8, "C"],
    corruption: Annotated[F8, "C"],
    review: float,
    step: float,
    provisions: float,
    base: Annotated[F8, "C, C"],
    compliance: Annotated[F8, "C"],
    compatibility: Annotated[F8, "C, C"],
) -> None:
    """Let practice follow what was signed, and law become compatible as far as both comply.

    Parameters
    ----------
    review, step, provisions
        How far compliance is reviewed, how fast practice follows, how far the instrument goes.
    base, compliance, compatibility
        Law at the start; the others are changed.
    """
    for c in range(ratified.size):
        kept = will[c] * (review + (1 - review) * (1 - corruption[c])) if ratified[c] else 0.0
        compliance[c] += step * (kept - compliance[c])
    for c in range(ratified.size):
        for other in range(ratified.size):
            closed = provisions * np.sqrt(compliance[c] * compliance[other])
            compatibility[c, other] = base[c, other] + (1 - base[c, other]) * closed


@compiled
def shared(
    weights: Annotated[F8, "6"],
    trust: Annotated[F8, "A, A"],
    law: Annotated[F8, "A, A"],
    distance: Annotated[F8, "A, A"],
    will: Annotated[F8, "A"],
    sovereignty: Annotated[F8, "A"],
    asked: Annotated[F8, "A"],
    effort: Annotated[F8, "A"],
    told: Annotated[B1, "A, A"],
    out: Annotated[F8, "A, A"],
) -> None:
    """Probability that an item of a row's agency is shared with a column's: a logit choice.

    Parameters
    ----------
    weights
        Of the choice, as `ALWAYS`, `TRUST` and so on number them.
    will, sovereignty, asked, effort
        Of the row's agency; what was agreed, and how much of it is done.
    told
        Whom an agency tells anything.
    out
        Written.
    """
    for c in range(will.size):
        own = weights[WILL] * will[c] - weights[SOVEREIGNTY] * sovereignty[c]
        for other in range(will.size):
            odds = weights[ALWAYS] + weights[TRUST] * trust[c, other] + weights[LAW] * law[c, other]
            odds = odds + weights[LANGUAGE] * (1 - distance[c, other]) + own
            wish = 1 / (1 + exp_of(-odds))
            out[c, other] = asked[c] * effort[c] * wish * told[c, other]


@compiled
def weigh(
    owed: Annotated[F8, "A, A"],
    writing: Annotated[F8, "A"],
    cases: Annotated[I8, "A"],
    officers: Annotated[F8, "A"],
    step: float,
    payoff: float,
    least: float,
    given_back: Annotated[F8, "A"],
    worked: Annotated[F8, "A"],
    effort: Annotated[F8, "A"],
) -> None:
    """Let members keep up or drop their effort to share, as cooperation pays.

    Parameters
    ----------
    owed
        Seizures of the row owed to the column.
    writing, cases, officers
        Officers who wrote items up and what all of them seized,
        so seizures forgone.
    step, payoff, least
        Share of the memory that is new, how effort answers, least effort.
    given_back, worked, effort
        Changed in place: memory of both, effort.
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


@compiled
def befriend(
    hits: Annotated[F8, "A, A"],
    gain: float,
    sharing: Annotated[F8, "A, A"],
    usual: Annotated[F8, "A, A"],
    reciprocity: float,
    fade: float,
    trust: Annotated[F8, "A, A"],
) -> None:
    """Move trust by one week: it grows with hits, answers what is given, and fades.

    Parameters
    ----------
    hits, gain
        Seizures of the row on the column's word; part of the doubts that each
        removes.
    sharing, usual
        What a row gives to a column, trust at the start.
    reciprocity, fade
        How far trust answers an uneven exchange, how fast it falls back.
    trust
        Changed in place.
    """
    for c in range(trust.shape[0]):
        for other in range(trust.shape[0]):
            level = trust[c, other]
            level += (1 - level) * (1 - raised(1 - gain, hits[c, other]))
            level += reciprocity * (sharing[other, c] - sharing[c, other])
            level += fade * (usual[c, other] - level)
            trust[c, other] = min(max(level, 0.0), 1.0) if c != other else 0.0


@compiled
def credit(
    cases: Annotated[I8, "A"],
    capability: Annotated[F8, "A"],
    baseline: Annotated[F8, "A"],
    usual: Annotated[F8, "A"],
    bought: Annotated[F8, "A"],
    legal: Annotated[F8, "A, A"],
    compatibility: Annotated[F8, "A, A"],
) -> tuple[float, float, float]:
    """What a week's seizures owe to programmes, in seizures, and how much closer law has come.

    Parameters
    ----------
    cases
        Seizures.
    capability, baseline, usual, bought
        With and without training; share that can be bought without and with a
        programme.
    legal, compatibility
        Law without and with an instrument.

    Returns
    -------
    Seizures owed to training, to integrity; mean share of law that came of an instrument.
    """
    agencies = cases.size
    trained, honest = np.empty(agencies), np.empty(agencies)
    closer = np.empty(agencies * agencies)
    for c in range(agencies):
        gained = (capability[c] - baseline[c]) / max(capability[c], 1e-9)
        trained[c] = cases[c] * gained
        honest[c] = cases[c] * (usual[c] - bought[c]) / max(1 - bought[c], 0.05)
        for other in range(agencies):
            law = legal[c, other] / max(compatibility[c, other], 1e-9)
            closer[c * agencies + other] = 1 - law
    return (
        summed(trained, 0, agencies),
        summed(honest, 0, agencies),
        summed(closer, 0, closer.size) / closer.size,
    )
