"""Run cards: the address of a page says which run it shows, so that a link is enough to repeat it.

The query holds the scenario, the seed, the week and the levers that were moved, each as
``FROM:KEY:VALUE`` with the first week in which the value holds (0: from the start)::

    ?scenario=baseline&seed=3&week=120&move=0:capacity.funding_musd_per_year:20.0

Values are written as in a scenario file.
"""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.scenario.overrides import parse_key
from tocsin.simulation.scenario.wording import written
from tocsin.simulation.steering import LiveRun, Move
from tocsin.simulation.text_files import toml_value

LONGEST = 8000  # characters of a link
MOST_MOVES = 200
LARGEST_SEED = 2**32 - 1
KNOWN = ("format", "scenario", "seed", "week", "move")
FORMAT = 1  # of links; those without a number are of this one


@dataclass(frozen=True)
class Card:
    """What a link says; `scenario` is the name of a shipped one, or a path."""

    scenario: str
    seed: int = 0
    week: int = 0
    moves: tuple[Move, ...] = ()


def parse_card(url: str) -> Card:
    """Read a link, or only its query.

    Raises
    ------
    InputError
        It is no run card; the sentence names the part that is wrong.
    """
    if len(url) > LONGEST:
        raise InputError(f"link: {len(url)} characters are too many; allowed are {LONGEST}.")
    query = urlsplit(url).query if "?" in url else url
    stated: dict[str, str] = {}
    moves: list[Move] = []
    for name, text in parse_qsl(query, keep_blank_values=True):
        if name not in KNOWN:
            continue  # a link may have passed through programs that add their own
        if name == "move":
            moves.append(_move(text))
        elif name in stated:
            raise InputError(f"link: {name} stands there twice.")
        else:
            stated[name] = text
    found = _number("format", stated.get("format", str(FORMAT)), LARGEST_SEED)
    if found != FORMAT:
        raise InputError(_("link: its format is {found}, read here is {known}; open it with the "
                           "version of tocsin that made it.", found=found, known=FORMAT)
                         )  # fmt: skip
    if not stated.get("scenario"):
        raise InputError("link: it names no scenario; it is written ?scenario=baseline&seed=3.")
    if len(moves) > MOST_MOVES:
        raise InputError(f"link: {len(moves)} moves are too many; allowed are {MOST_MOVES}.")
    return Card(
        stated["scenario"],
        read_seed(stated.get("seed", "0")),
        _number("week", stated.get("week", "0"), 5200),
        tuple(moves),
    )


def read_seed(text: str) -> int:
    """A seed as people type it; raises InputError if it is none."""
    return _number("seed", text.strip(), LARGEST_SEED)


def _number(name: str, text: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > most:
        raise InputError(f"{name} = {text[:40]}: allowed is a whole number from 0 to {most}.")
    return int(text)


def _move(text: str) -> Move:
    week, _colon, rest = text.partition(":")
    key, colon, value = rest.partition(":")
    if not colon:
        raise InputError(f"move = {text[:60]}: it is written FROM:KEY:VALUE.")
    try:
        meant = toml_value(value)
    except InputError:
        raise InputError(
            f"move = {text[:60]}: the value is not written as in a scenario file."
        ) from None
    parsed = parse_key(key, meant)
    if parsed.kind != "lever":
        raise InputError(f"move = {text[:60]}: only levers can be moved.")
    return Move(_number("move", week, 5200), parsed.dotted, meant)


def query_of(scenario: str, seed: int, week: int, moves: Iterable[Move]) -> str:
    """The query of a card, as `parse_card` reads it."""
    parts: list[tuple[str, Any]] = [("scenario", scenario), ("seed", seed), ("week", week)]
    parts += [("move", f"{m.week}:{m.key}:{written(m.value)}") for m in moves]
    return urlencode(parts, safe=":.")


def card_run(card: Card, scenario: Scenario | None = None) -> LiveRun:
    """The run that a card stands for, before its first week."""
    return LiveRun(scenario or load(card.scenario), card.seed, card.moves, compare_base=False)


def card_file(card: Card) -> str | None:
    """Scenario file that states the moves, if the command line alone cannot state them."""
    return card_run(card).saved() if any(move.week for move in card.moves) else None


def card_command(card: Card, file: str = "steered.toml") -> str:
    """The command that runs a card; moves after the start need `card_file`, saved as `file`."""
    later = any(move.week for move in card.moves)
    words = ["tocsin", "run", file if later else card.scenario, "--seed", str(card.seed)]
    if card.week:
        words += ["--weeks", str(card.week)]
    if not later:
        for move in card.moves:
            words += ["--set", f"{move.key}={written(move.value)}"]
    return shlex.join(words)
