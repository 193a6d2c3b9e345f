"""The library of shipped scenarios, by family: what there is, and what each one asks.

A family is a folder under ``scenarios/``; ``scenarios/families.toml`` gives it a title,
what is to be said of it, and its place. Only heads are read here, so that a list of all is quick;
`tocsin.simulation.scenario.files.load` reads a scenario whole.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from tocsin.simulation.scenario.files import shipped


@dataclass(frozen=True)
class Title:
    """The head of one scenario; `depth` counts its parents within the family."""

    name: str
    title: str
    question: str
    parent: str | None
    depth: int


@dataclass(frozen=True)
class Family:
    """One family; its scenarios in order of descent, a parent before its children.

    `about` is one or two sentences, `notes` are paragraphs of Markdown or nothing.
    """

    name: str
    title: str
    about: str
    notes: str
    scenarios: tuple[Title, ...]


def families() -> tuple[Family, ...]:
    """All families, those of ``families.toml`` first; a folder that it does not know is last."""
    listed = tomllib.loads(
        resources.files("tocsin.scenarios").joinpath("families.toml").read_text("utf-8")
    )
    heads: dict[str, dict[str, dict[str, str]]] = {}
    for name, file in shipped().items():
        head = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        heads.setdefault(_folder(str(file)), {})[name] = head
    order = [*(name for name in listed if name in heads), *sorted(heads.keys() - listed.keys())]
    return tuple(
        Family(
            name,
            listed.get(name, {}).get("title", name.replace("_", " ").capitalize()),
            listed.get(name, {}).get("about", ""),
            listed.get(name, {}).get("notes", "").strip(),
            tuple(_descent(heads[name], None, 0)),
        )
        for name in order
    )


def _folder(path: str) -> str:
    return path.replace("\\", "/").split("/")[-2]


def _descent(heads: dict[str, dict[str, str]], parent: str | None, depth: int) -> Iterator[Title]:
    """Scenarios below a parent, each followed by its own children; roots where it is None."""
    for name, head in heads.items():
        above = head.get("parent")
        if above == parent or (parent is None and above not in heads):
            yield Title(name, head["title"], head["question"], above, depth)
            yield from _descent(heads, name, depth + 1)
