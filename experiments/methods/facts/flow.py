"""Checks of where goods flow: displacement, coverage, corruption, seizures."""

import numpy as np
from tocsin.experiments.methods.facts.declaring import Arms, Check, Vector, change
from tocsin.experiments.methods.facts.settings import (
    BEGIN,
    CENTRAL_ASIA,
    GENERATED,
    HELD,
    MAPS,
    MERIDIAN,
    Setting,
)

INF = float("inf")
SECOND_YEAR = (BEGIN + 52, HELD)
PROTOTYPE = "the defaults that gave a stable core in the design study"
TRANSIT = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
ORDER = ("KAZ", "UZB", "KGZ", "TKM")
GRAM = 1000


def _balloon(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Delivered by the corridor and elsewhere in the second year, base and treated."""
    first, last = SECOND_YEAR
    parts: list[float] = []
    for arm in ("base", "corridor patrolled"):
        via = float(arms[arm].corridor_delivered[first - 1 : last].sum())
        parts += [via, arms[arm].total("delivered", first, last) - via]
    return parts


def _share_lost(means: Vector) -> float:
    via, other, via_held, other_held = means
    return float(via_held / (via_held + other_held) / (via / (via + other)) - 1)


def _displaced(means: Vector) -> float:
    via, other, via_held, other_held = means
    return float((other_held - other) / (via - via_held))


def _total_change(means: Vector) -> float:
    via, other, via_held, other_held = means
    return float((via_held + other_held) / (via + other) - 1)


def _coverage(arms: Arms, setting: Setting, seed: int) -> list[float]:
    first, last = SECOND_YEAR
    return [arms[arm].total("delivered", first, last)
            for arm in ("base", "a quarter covered", "all covered")]  # fmt: skip


def _part_of_effect(means: Vector) -> float:
    base, quarter, whole = means
    return float((base - quarter) / (base - whole))


def _corridor_share(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [
        float(arms[arm].corridor_delivered[BEGIN - 1 : HELD].sum())
        / arms[arm].total("delivered", BEGIN, HELD)
        for arm in ("corridor honest", "corridor corrupt")
    ]


def _corridor_rate(arms: Arms, setting: Setting, seed: int) -> list[float]:
    rates: list[float] = []
    for arm in ("corridor honest", "corridor corrupt"):
        seized = float(arms[arm].corridor_seized[BEGIN - 1 : HELD].sum())
        passed = float(arms[arm].corridor_passed[BEGIN - 1 : HELD].sum())
        rates.append(seized / (seized + passed) if seized + passed else float("nan"))
    return rates


def _rate(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [arms["base"].rate(BEGIN)]


def _transit(arms: Arms, setting: Setting, seed: int) -> list[float]:
    base = arms["base"]
    return [sum(base.total(f"seized_by[{code}]", BEGIN) for code in TRANSIT)
            / base.total("produced", BEGIN)]  # fmt: skip


def _kazakhstan(arms: Arms, setting: Setting, seed: int) -> list[float]:
    base = arms["base"]
    return [base.total("seized_by[KAZ]", BEGIN) / base.total("produced", BEGIN)]


def _in_order(arms: Arms, setting: Setting, seed: int) -> list[float]:
    base = arms["base"]
    return [base.total(f"seized_by[{code}]", BEGIN) / GRAM for code in ORDER]


def _least_step(means: Vector) -> float:
    return float(np.min(means[:-1] - means[1:]))


def _ln_sd(arms: Arms, setting: Setting, seed: int) -> list[float]:
    sizes = arms["base"].sizes
    return [float(np.log(sizes).std(ddof=1)) if sizes.size > 1 else float("nan")]


def _largest(arms: Arms, setting: Setting, seed: int) -> list[float]:
    sizes = np.sort(arms["base"].sizes)[::-1]
    top = max(1, round(sizes.size / 10))
    return [float(sizes[:top].sum() / sizes.sum()) if sizes.size > 9 else float("nan")]


def _dispersion(arms: Arms, setting: Setting, seed: int) -> list[float]:
    cases = arms["base"].cases[:, BEGIN - 1 :]
    busiest = cases[int(cases.sum(axis=1).argmax())]
    return [float(busiest.var(ddof=1) / busiest.mean()) if busiest.any() else float("nan")]


_CARIBBEAN = (
    "Caribbean share of seizures > 75 % in the mid-1980s, < 10 % in 2010; Central America from "
    "about 0 to > 80 % (UNODC 2012)"
)
_IDS = "UNODC Individual Drug Seizures 2011-2016, cases of 100 g and more"
_OPIATES = "UNODC, Opiate flows through northern Afghanistan and Central Asia, May 2012"
_OFFICERS = "officers of the seven countries"
_BALLOON = ("base", "corridor patrolled")
_CORRUPT = ("corridor honest", "corridor corrupt")

CHECKS = (
    Check("balloon_share", "balloon", _CARIBBEAN,
          "change of the share of a corridor under threefold patrols, second year",
          -1, -0.40, PROTOTYPE, MAPS, _BALLOON, _balloon, _share_lost),
    Check("balloon_displaced", "balloon", _CARIBBEAN,
          "part of the delivered flow that the corridor lost and that shows up elsewhere",
          0.50, 0.95, PROTOTYPE, MAPS, _BALLOON, _balloon, _displaced),
    Check("balloon_total", "balloon", _CARIBBEAN,
          "change of all that is delivered in the second year",
          -0.20, INF, PROTOTYPE, MAPS, _BALLOON, _balloon, _total_change),
    Check("coverage_quarter", "few routes, little effect", "SOAR, RAND 1988 and 1993",
          "effect on delivered of threefold patrols on 25 % of sectors, as part of that on all",
          -INF, 0.25, PROTOTYPE, MAPS, ("base", "a quarter covered", "all covered"), _coverage,
          _part_of_effect),
    Check("corruption_share", "corruption attracts flow", "Sequeira and Djankov 2014",
          "change of a corridor's share when its corruption is 0.5 instead of 0.1",
          0.20, INF, "", MAPS, _CORRUPT, _corridor_share, change),
    Check("corruption_rate", "corruption attracts flow", "Sequeira and Djankov 2014",
          "change of the corridor's seizure rate when its corruption is 0.5 instead of 0.1",
          -1, 0, "", MAPS, _CORRUPT, _corridor_rate, change),
    Check("rate_teaching", "seizure rate", "10-45 % of a whole chain",
          "seized of what was seized or delivered; the design asks 10-25 % of the teaching world",
          0.10, 0.25, f"{PROTOTYPE}, detection.hazard among them", (MERIDIAN,), ("base",), _rate),
    Check("rate_chain", "seizure rate", "10-45 % of a whole chain",
          "seized of what was seized or delivered", 0.10, 0.45, "", (GENERATED,), ("base",), _rate),
    Check("rate_transit", "seizure rate", f"less than 3 % in 2010 ({_OPIATES})",
          "seized by the five transit states of what was launched", 0.01, 0.035, _OFFICERS,
          (CENTRAL_ASIA,), ("base",), _transit),
    Check("rate_kazakhstan", "seizure rate", f"less than 1 % in 2010 ({_OPIATES})",
          "seized by Kazakhstan of what was launched", -INF, 0.01, _OFFICERS,
          (CENTRAL_ASIA,), ("base",), _kazakhstan),
    Check("rate_order", "seizure rate", "Kazakhstan > Uzbekistan > Kyrgyzstan > Turkmenistan "
          f"({_IDS}; UNODC 2003)",
          "smallest step down in that order of what each seized, kg in six years", 0, INF,
          _OFFICERS, (CENTRAL_ASIA,), ("base",), _in_order, _least_step),
    Check("sizes_spread", "heavy-tailed seizures", f"1.2-1.9 in seven countries ({_IDS})",
          "standard deviation of the logarithm of seizures of 100 g and more", 1.1, 1.9,
          "size_ln_sd of the commodity", MAPS, ("base",), _ln_sd),
    Check("sizes_largest", "heavy-tailed seizures", f"0.37-0.91 in seven countries ({_IDS})",
          "share of the largest 10 % of seizures of 100 g and more in their amount", 0.40, 0.80,
          "size_ln_sd of the commodity", MAPS, ("base",), _largest),
    Check("counts_dispersed", "overdispersed counts",
          "weekly heroin cases in Russia, 3.4 (UNODC Individual Drug Seizures 2011-2016)",
          "variance over mean of weekly seizures, country with most cases", 1.5, 8,
          "trafficking.activity_sd", MAPS, ("base",), _dispersion),
)  # fmt: skip
