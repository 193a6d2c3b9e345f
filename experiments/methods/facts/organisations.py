"""Checks of networks: how they are built, what arrests do to them, and how they recover."""

import networkx as nx
import numpy as np
from tocsin.experiments.methods.facts.declaring import Arms, Check, Vector, change
from tocsin.experiments.methods.facts.settings import AFTER, GRAPHS, MAPS, SHOCK, Setting
from tocsin.simulation.mechanisms.networks.organisation import Build, member_graph
from tocsin.simulation.parameters import Organisation
from tocsin.simulation.randomness import key_of

INF = float("inf")
SIZES = (50, 150)  # members, as in the networks that were measured
STRUCK = 0.05  # share of members who are taken away


def network(seed: int) -> nx.Graph:
    """A generated network of 50 to 150 members."""
    chance = np.random.default_rng([seed, 5])
    members = int(chance.integers(SIZES[0], SIZES[1] + 1))
    return member_graph(members, key_of(f"facts {seed}"), Build.of(Organisation()))


def _kept(graph: nx.Graph, gone: list[int]) -> float:
    """Largest component after a removal, relative to that before."""
    left = graph.subgraph(set(graph) - set(gone))
    before = max(len(part) for part in nx.connected_components(graph))
    return max(len(part) for part in nx.connected_components(left)) / before


def _after_betweenness(arms: Arms, setting: Setting, seed: int) -> list[float]:
    graph = network(seed)
    score = nx.betweenness_centrality(graph)
    ranked = sorted(graph, key=lambda member: (-score[member], member))
    return [_kept(graph, ranked[: round(STRUCK * len(graph))])]


def _after_chance(arms: Arms, setting: Setting, seed: int) -> list[float]:
    graph, chance = network(seed), np.random.default_rng([seed, 6])
    number = round(STRUCK * len(graph))
    tries = [chance.choice(len(graph), number, replace=False).tolist() for _ in range(20)]
    return [float(np.mean([_kept(graph, gone) for gone in tries]))]


def _difference(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [
        _after_betweenness(arms, setting, seed)[0] - _after_chance(arms, setting, seed)[0],
    ]


def _density(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [nx.density(network(seed))]


def _path(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [float(nx.average_shortest_path_length(network(seed)))]


def _modularity(arms: Arms, setting: Setting, seed: int) -> list[float]:
    graph = network(seed)
    parts = nx.community.louvain_communities(graph, seed=seed)
    return [float(nx.community.modularity(graph, parts))]


def _clustering(arms: Arms, setting: Setting, seed: int) -> list[float]:
    graph = network(seed)
    return [nx.average_clustering(graph) / nx.density(graph)]


def _degree_spread(arms: Arms, setting: Setting, seed: int) -> list[float]:
    degree = np.array([number for _, number in network(seed).degree], dtype=float)
    return [float(degree.std() / degree.mean())]


def _ended(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Share of networks ended in five years after 0, 40 and 80 % arrests."""
    shares: list[float] = []
    for arm in ("base", "40 % arrested", "80 % arrested"):
        ended = arms[arm].ended
        shares.append(float(((ended >= SHOCK) & (ended < SHOCK + AFTER)).mean()))
    return shares


def _first(means: Vector) -> float:
    return float(means[0])


def _smaller_step(means: Vector) -> float:
    return float(min(means[1] - means[0], means[2] - means[1]))


def _bend(means: Vector) -> float:
    return float((means[2] - means[1]) - (means[1] - means[0]))


def _members(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Members after five years: as it is, recruitment halved, operations doubled."""
    return [
        arms[arm].mean("members_total", AFTER - 12, AFTER)
        for arm in ("base", "recruitment halved", "operations doubled")
    ]


def _advantage(means: Vector) -> float:
    return float((means[1] - means[2]) / means[0])


def _by_recruitment(means: Vector) -> float:
    return change(means[:2])


_BRIGHT = "five measured networks (Bright 2017)"
_MANZI = "Manzi and Calderoni 2024"
_GENERATOR = "size and density of cells in simulation/mechanisms/networks/organisation.py"
_PRIETO = "Prieto-Curiel, Campedelli and Hope, Science 2023"
_ARRESTS = ("base", "40 % arrested", "80 % arrested")
_RECRUITS = ("base", "recruitment halved", "operations doubled")
_ON_GRAPHS = (GRAPHS,)

CHECKS = (
    Check("arrests_none", "diminishing returns to arrests", _MANZI,
          "share of networks ended in five years without mass arrests", -INF, 0.20, "", MAPS,
          _ARRESTS, _ended, _first),
    Check("arrests_monotone", "diminishing returns to arrests", _MANZI,
          "smaller of the two steps of that share, 0 to 40 and 40 to 80 % arrested", 0, INF, "",
          MAPS, _ARRESTS, _ended, _smaller_step),
    Check("arrests_diminishing", "diminishing returns to arrests", _MANZI,
          "second step less the first", -INF, 0, "", MAPS, _ARRESTS, _ended, _bend),
    Check("betweenness", "betweenness beats random", f"0.18-0.85 in {_BRIGHT}",
          "largest component left when the top 5 % by betweenness are gone", 0.18, 0.85, "",
          _ON_GRAPHS, (), _after_betweenness),
    Check("random_removal", "betweenness beats random", f"0.91-0.94 in {_BRIGHT}",
          "largest component left when 5 % by chance are gone", 0.91, 0.94, "", _ON_GRAPHS, (),
          _after_chance),
    Check("betweenness_beats", "betweenness beats random", _BRIGHT,
          "the first less the second", -1, 0, "", _ON_GRAPHS, (), _difference),
    Check("structure_density", "structure of criminal networks", f"0.02-0.07 in {_BRIGHT}",
          "density", 0.02, 0.10, _GENERATOR, _ON_GRAPHS, (), _density),
    Check("structure_path", "structure of criminal networks", f"3.0-3.3 in {_BRIGHT}",
          "mean path length", 2.5, 4.5, _GENERATOR, _ON_GRAPHS, (), _path),
    Check("structure_modularity", "structure of criminal networks", f"0.58-0.73 in {_BRIGHT}",
          "modularity of the best division found", 0.4, 0.8, _GENERATOR, _ON_GRAPHS, (),
          _modularity),
    Check("structure_clustering", "structure of criminal networks", _BRIGHT,
          "clustering relative to a random graph of equal density", 4, INF, _GENERATOR,
          _ON_GRAPHS, (), _clustering),
    Check("structure_degrees", "structure of criminal networks", f"0.8-1.8 in {_BRIGHT}",
          "coefficient of variation of the number of contacts", 0.8, 1.8, _GENERATOR, _ON_GRAPHS,
          (), _degree_spread),
    Check("recruitment_helps", "recruitment cut beats arrests", _PRIETO,
          "change of membership after five years when recruitment is halved", -1, 0, "", MAPS,
          _RECRUITS, _members, _by_recruitment),
    Check("recruitment_beats", "recruitment cut beats arrests", _PRIETO,
          "members under halved recruitment less those under doubled operations, of the base",
          -1, 0, "", MAPS, _RECRUITS, _members, _advantage),
)  # fmt: skip
