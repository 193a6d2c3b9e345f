"""Findings: all that a report says, computed once and kept beside the comparison."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tocsin.experiments.comparing.attribution import Attribution, by_channel, by_lever, differing
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.comparing.groups import grouped
from tocsin.experiments.comparing.output import COMPARE, read_comparison, write_table
from tocsin.experiments.running.replications import ReplicatedRuns
from tocsin.experiments.running.seals import checked_table, or_said, read_manifest, write_manifest
from tocsin.experiments.unknowns.robustness import BY, Robustness, ranked, robustness
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.indicators import HEADLINES

OUTCOME, COST = "outcome: ", "cost: "
AGAIN = f"delete findings.json and call `tocsin report` again, or {COMPARE}"


@dataclass(frozen=True)
class Effort:
    """How many runs go into what a comparison alone does not say.

    Attributes
    ----------
    lever_pairs, channel_pairs
        Replications of every mixture of levers, and of every set of channels; 0 leaves it out.
    groups
        Levers that are counted as one, as pairs of a name and its keys.
    worlds, world_pairs
        Plausible worlds that are wanted, and replications in each; 0 worlds leave it out.
    """

    lever_pairs: int = 10
    channel_pairs: int = 8
    worlds: int = 60
    world_pairs: int = 1
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Findings:
    """A comparison and what was found out about it.

    Attributes
    ----------
    leader
        Name of the scenario, the base left aside, with the least delivered flow.
    levers, channels
        Attribution of the gap, by name of the scenario.
    robustness
        The comparison over worlds, if it was made.
    notes
        What could not be found out, and why.
    """

    comparison: Comparison
    effort: Effort
    leader: str
    levers: dict[str, Attribution] = field(default_factory=dict)
    channels: dict[str, Attribution] = field(default_factory=dict)
    robustness: Robustness | None = None
    notes: tuple[str, ...] = ()


def ranking_of(comparison: Comparison, by: str = BY) -> tuple[str, ...]:
    """All scenarios from best to worst by their mean over the pairs of a comparison."""
    means = {one.name: float(np.nanmean(comparison.values(one.name, by)))
             for one in comparison.scenarios}  # fmt: skip
    return ranked(means, by)


def find_out(
    comparison: Comparison,
    effort: Effort,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Findings:
    """Make the runs that a report needs beyond the comparison.

    The gap of every scenario is divided among its levers, that of the leader also by channel.
    """
    runs = ReplicatedRuns(workers, progress, comparison.known())
    base, ranking = comparison.base, ranking_of(comparison)
    leader = next(name for name in ranking if name != base.name)
    levers: dict[str, Attribution] = {}
    channels: dict[str, Attribution] = {}
    notes: list[str] = []
    if effort.lever_pairs > 1:
        seeds = comparison.seeds[: effort.lever_pairs]
        for scenario in comparison.others:
            try:
                parts = grouped(differing(base, scenario), dict(effort.groups))
                levers[scenario.name] = by_lever(base, scenario, seeds, HEADLINES, runs, parts)
            except InputError as wrong:
                notes.append(str(wrong))
    if effort.channel_pairs > 1:
        seeds = comparison.seeds[: effort.channel_pairs]
        channels[leader] = by_channel(base, comparison.scenario(leader), seeds, HEADLINES, runs)
    sturdy = None
    if effort.worlds > 1:
        try:
            sturdy = robustness(
                comparison.scenarios, effort.worlds, effort.world_pairs,
                seed=comparison.seeds[0], runs=runs, ranking=ranking,
            )  # fmt: skip
            notes += [sturdy.short] if sturdy.short else []
        except InputError as wrong:
            notes.append(str(wrong))
    return Findings(comparison, effort, leader, levers, channels, sturdy, tuple(notes))


def runs_needed(comparison: Comparison, effort: Effort) -> int:
    """About how many runs `find_out` makes, for a bar of progress."""
    count = 0
    for scenario in comparison.others if effort.lever_pairs > 1 else ():
        try:
            parts = len(grouped(differing(comparison.base, scenario), dict(effort.groups)))
        except InputError:
            continue
        count += max(0, 2 ** min(parts, 6) - 2) * effort.lever_pairs
    names = len(type(comparison.base.parameters.channels).model_fields)
    if effort.channel_pairs > 1:
        count += 2 * (2**names - 1) * effort.channel_pairs
    discarded = 0.3  # assumption: part of the worlds asked for that is drawn in vain
    in_worlds = (len(comparison.scenarios) + discarded) * effort.worlds * effort.world_pairs
    return count + round(in_worlds)


def write_findings(findings: Findings, folder: Path) -> None:
    """Put the findings beside the comparison in a folder."""
    both = [("lever", findings.levers), ("channel", findings.channels)]
    for what in ("table", "by_seed"):
        tables = [
            getattr(found, what).assign(scenario=name, kind=kind)
            for kind, of in both
            for name, found in of.items()
        ]
        if tables:
            stem = "attribution" if what == "table" else "attribution_by_seed"
            write_table(pd.concat(tables, ignore_index=True), folder / stem)
    sturdy = findings.robustness
    if sturdy is not None:
        outcomes, costs = sturdy.outcomes.add_prefix(OUTCOME), sturdy.costs.add_prefix(COST)
        write_table(pd.concat([sturdy.worlds, outcomes, costs], axis=1), folder / "worlds")
    said: dict[str, Any] = {
        "kind": "findings",
        "effort": vars(findings.effort),
        "leader": findings.leader,
        "attributions": [
            {"kind": kind, "scenario": name, "base": found.base, "parts": list(found.parts),
             "exact": found.exact}
            for kind, of in both for name, found in of.items()
        ],
        "robustness": None if sturdy is None else {
            "by": sturdy.by, "scenarios": list(sturdy.scenarios), "ranking": list(sturdy.ranking),
            "replications": sturdy.replications, "weeks": sturdy.weeks, "asked": sturdy.asked,
            "drawn": sturdy.drawn, "plausible": len(sturdy.worlds), "discarded": sturdy.discarded,
        },
        "notes": list(findings.notes),
    }  # fmt: skip
    tables = ("attribution", "attribution_by_seed", "worlds")
    files = [f"{name}.parquet" for name in tables if (folder / f"{name}.parquet").exists()]
    write_manifest(said, folder, files, "findings.json")


def read_findings(folder: Path) -> Findings | None:
    """What `write_findings` wrote; None if there is none.

    Raises
    ------
    InputError
        The folder holds no comparison, or one of another version of the model, or what was found
        is damaged or of another format.
    """
    comparison = read_comparison(folder)
    if not (folder / "findings.json").exists():
        return None
    said = read_manifest(folder, "findings", AGAIN, "findings.json")
    with or_said(folder, AGAIN):
        return _read(comparison, said, folder)


def _read(comparison: Comparison, said: dict[str, Any], folder: Path) -> Findings:
    found: dict[str, dict[str, Attribution]] = {"lever": {}, "channel": {}}
    if said["attributions"]:
        table = checked_table(folder, said, "attribution", AGAIN)
        by_seed = checked_table(folder, said, "attribution_by_seed", AGAIN)
        for one in said["attributions"]:
            mine, seeds = (
                pd.DataFrame(all_[(all_.scenario == one["scenario"]) & (all_.kind == one["kind"])])
                .drop(columns=["scenario", "kind"]).reset_index(drop=True)
                for all_ in (table, by_seed)
            )  # fmt: skip
            found[one["kind"]][one["scenario"]] = Attribution(
                one["base"], one["scenario"], tuple(one["parts"]), one["exact"], mine, seeds
            )
    sturdy = said["robustness"]
    if sturdy is not None:
        table = checked_table(folder, said, "worlds", AGAIN)
        names = sturdy["scenarios"]
        outcomes, costs = (
            pd.DataFrame({name: table[prefix + name] for name in names})
            for prefix in (OUTCOME, COST)
        )
        worlds = table.drop(columns=[pre + name for pre in (OUTCOME, COST) for name in names])
        sturdy = Robustness(
            sturdy["by"], tuple(names), worlds, outcomes, costs, tuple(sturdy["ranking"]),
            sturdy["replications"], sturdy["weeks"], sturdy["asked"], sturdy["discarded"],
        )  # fmt: skip
    groups = tuple((name, tuple(keys)) for name, keys in said["effort"].pop("groups"))
    effort = Effort(**said["effort"], groups=groups)
    return Findings(comparison, effort, said["leader"], found["lever"], found["channel"], sturdy,
                    tuple(said["notes"]))  # fmt: skip
