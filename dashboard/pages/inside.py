"""A look inside: what a country, a network or a border sector has and knows in the present week."""

from functools import lru_cache
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from tocsin.experiments.telling.sentences import place_name, quantity
from tocsin.simulation.mechanisms.networks.organisation import ROLES
from tocsin.simulation.model import BorderModel
from tocsin.simulation.recording.quantities import Quantity, fixed, percent

ROWS = 8


def choices(model: BorderModel) -> dict[str, list[str]]:
    """What can be looked into, by kind."""
    world = model.world
    countries = model.parameters.countries
    return {
        "country": [countries[code].name for code in world.codes],
        "network": list(world.networks.names),
        "sector": list(world.sectors.ids),
    }


def subject(model: BorderModel, kind: str, number: int) -> dict[str, Any]:
    """Everything the page shows of one thing; empty if there is no such thing."""
    world = model.world
    makers = {"country": _country, "network": _network, "sector": _sector}
    counts = {"country": len(world.codes), "network": len(world.trade.ids),
              "sector": len(world.sectors.ids)}  # fmt: skip
    if kind not in makers or not 0 <= number < counts[kind]:
        return {}
    return {"kind": kind, "number": number, **makers[kind](model, number)}


def _bought(model: BorderModel, own: NDArray[np.intp]) -> float:
    return float(model.world.patrols.corruption[own].mean()) if own.size else 0.0


def _country(model: BorderModel, number: int) -> dict[str, Any]:
    world = model.world
    code = world.codes[number]
    profile = model.parameters.countries[code]
    headline = model.parameters.measurement.headline
    agency = world.roster.national(number)
    evidence = world.cases.evidence[agency]
    full = np.argsort(-evidence, kind="stable")[:ROWS]
    own = np.flatnonzero(world.sectors.country == number)
    watched = world.picture.watched[own]
    place, network = np.nonzero(watched)
    interest = world.picture.interest[own][place, network]
    first = np.argsort(-interest, kind="stable")[:ROWS]
    trust = world.roster.mean_between(world.cooperation.trust)[number]
    by_it = f"seized_by[{code}]"
    (year,) = model.record.over([(max(1, model.week - 51), model.week)], [by_it])
    others = [n for n in range(len(world.codes)) if n != number]
    return {
        "title": f"{profile.name}: the agency",
        "line": "A member of the coordinator." if profile.member else "Not a member.",
        "facts": [
            ["Capability", fixed(world.capacity.capability[agency]), "skill, tools and method"],
            ["Officers", fixed(profile.officers, 0), "on the border at any one time"],
            ["Can be bought", percent(_bought(model, own)), "share of patrol effort"],
            ["Seized, last year", quantity(model, headline, year[by_it]) or "–", ""],
            ["Watches now", f"{int(watched.sum())}", "pairs of network and sector it looks for"],
            ["Mean patrol effort", fixed(world.patrols.effort[own].mean()) if own.size else "–",
             "officers a kilometre, relative to the reference"],
        ],
        "tables": [
            {"title": "Fullest case files", "head": ["network", "evidence", "state"],
             "rows": [[world.networks.names[n], fixed(float(evidence[n]), 1),
                       "in business" if world.networks.active[n] else "ended"]
                      for n in full.tolist() if evidence[n] > 0.05]},
            {"title": "Watches with the most telling tips", "head": ["sector", "network", "weight"],
             "rows": [[world.sectors.ids[own[place[k]]], world.networks.names[network[k]],
                       fixed(float(interest[k]))] for k in first.tolist()]},
            {"title": "Trust in partners", "head": ["partner", "trust"],
             "rows": [[model.parameters.countries[world.codes[n]].name, fixed(trust[n])]
                      for n in others]},
        ],
    }  # fmt: skip


def _network(model: BorderModel, number: int) -> dict[str, Any]:
    world = model.world
    lanes, share = world.trade.lanes, world.portfolios.share
    own = lanes.network == number
    used = np.flatnonzero(own & (share > 0.005))
    used = used[np.argsort(-share[used], kind="stable")][:ROWS]
    active, capital = (
        bool(world.networks.active[number]),
        float(world.networks.capital[number]),
    )
    present, role = world.members.present[number], world.members.role[number]
    under_way = world.shipments.lane[: world.shipments.count]
    risk = world.beliefs.risk(world.networks.active)[number]
    feared = np.argsort(-risk, kind="stable")[:ROWS]
    rows = []
    for lane in used.tolist():
        route = world.trade.routes.routes[int(lanes.route[lane])]
        way = " – ".join(world.codes[c] for c in route.countries)
        rows.append([f"{route.source} to {route.market}", way, percent(float(share[lane]))])
    return {
        "title": f"Network {world.networks.names[number]}",
        "line": "In business." if active else "Ended; somebody may take its place.",
        "facts": [
            ["Members at large", f"{int(present.sum())} of {int((role >= 0).sum())}", ""],
            ["Capital", Quantity.money(abs(capital)).level(capital), ""],
            ["Shipments under way", f"{int(own[under_way].sum())}", ""],
            ["Recent losses", percent(float(world.networks.loss_rate[number])),
             "share of its shipments"],
            ["Methods changed", f"{int(world.networks.modus[number])} times", "modus operandi"],
            ["Routes in use", f"{int((own & (share > 0.005)).sum())}", ""],
        ],
        "graph": _graph(model, number),
        "tables": [
            {"title": "Where its goods go", "head": ["from and to", "by", "share"], "rows": rows},
            {"title": "Sectors it fears most", "head": ["sector", "perceived risk"],
             "rows": [[world.sectors.ids[s], percent(float(risk[s]))] for s in feared.tolist()]},
        ],
    }  # fmt: skip


def _graph(model: BorderModel, number: int) -> dict[str, Any]:
    world = model.world
    graph = world.members.graph(number)
    present, role = world.members.present[number], world.members.role[number]
    members = [m for m in range(role.size) if role[m] >= 0]
    where = _laid_out(tuple(members), tuple(sorted((min(a, b), max(a, b)) for a, b in graph.edges)))
    place = {member: at for at, member in enumerate(members)}
    return {
        "label": f"{len(members)} places in the network, {int(present.sum())} of them filled",
        "nodes": [{"x": where[m][0], "y": where[m][1], "role": ROLES[role[m]],
                   "present": bool(present[m])} for m in members],
        "edges": [[place[a], place[b]] for a, b in graph.edges if a in place and b in place],
    }  # fmt: skip


@lru_cache(maxsize=128)
def _laid_out(
    members: tuple[int, ...], edges: tuple[tuple[int, int], ...]
) -> dict[int, tuple[float, float]]:
    """Places of members in a square from 0 to 1."""
    graph = nx.Graph()
    graph.add_nodes_from(members)
    graph.add_edges_from(edges)
    found = nx.spring_layout(graph, seed=1, iterations=60, k=1.6 / max(1, len(members)) ** 0.5)
    points = np.array([found[m] for m in members])
    span = np.maximum(points.max(axis=0) - points.min(axis=0), 1e-9)
    points = (points - points.min(axis=0)) / span
    return {m: (float(x), float(y)) for m, (x, y) in zip(members, points, strict=True)}


def _sector(model: BorderModel, number: int) -> dict[str, Any]:
    world = model.world
    sectors = world.sectors
    owner = world.codes[sectors.country[number]]
    where = place_name(model, sectors.ids[number])
    headline = model.parameters.measurement.headline
    risk = world.beliefs.risk(world.networks.active)[:, number]
    flow = model.record.recent_flow(model.week)
    watched = np.flatnonzero(world.picture.watched[number])
    lanes, share = world.trade.lanes, world.portfolios.share
    here = np.unique(lanes.place_lane[lanes.place_sector == number])
    users = np.bincount(lanes.network[here], share[here], len(world.trade.ids))
    most = np.argsort(-users, kind="stable")[:ROWS]
    held = not np.isnan(world.patrols.held[number])
    return {
        "title": f"Sector {sectors.ids[number]}",
        "line": f"{where[0].upper()}{where[1:]}.",
        "facts": [
            ["Watched by", model.parameters.countries[owner].name, ""],
            ["Length", f"{fixed(sectors.length_km[number], 0)} km", ""],
            ["Crossings and ports", f"{int(sectors.crossings[number])}", ""],
            ["Patrol effort", fixed(world.patrols.effort[number]) + (", held" if held else ""),
             "officers a kilometre, relative to the reference"],
            ["Flow, last year", quantity(model, headline, float(flow[number])),
             "what passed unseized"],
            ["Risk as networks see it", percent(float(risk.mean())), "mean over networks"],
        ],
        "tables": [
            {"title": "Who uses it", "head": ["network", "share of its goods", "its fear"],
             "rows": [[world.networks.names[n], percent(float(users[n])),
                       percent(float(risk[n]))] for n in most.tolist() if users[n] > 0.005]},
            {"title": "Watches kept here", "head": ["network", "weight of its tips"],
             "rows": [[world.networks.names[n], fixed(world.picture.interest[number, n])]
                      for n in watched.tolist()]},
        ],
    }  # fmt: skip
