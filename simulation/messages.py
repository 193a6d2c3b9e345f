"""Sentences for people, in one form that can be translated.

A sentence is a whole, with named placeholders; it is never put together of pieces. What depends on
a number has its plural forms. English is the source and what is shown where there is no
translation::

    _("{name}: there is no scenario of this name.", name=name)
    ngettext("{number} run was kept.", "{number} runs were kept.", kept)

Numbers with units come written into a sentence, from `tocsin.simulation.recording.quantities`.
The texts are collected from the calls by ``xgettext -k_ -kngettext:1,2`` into the domain `DOMAIN`.
"""

from gettext import translation
from pathlib import Path
from string import Formatter
from typing import Any

DOMAIN = "tocsin"
_catalogue = translation(DOMAIN, Path(__file__).parent / "locale", fallback=True)


def _(text: str, /, **values: object) -> str:
    """A sentence with its placeholders filled.

    Raises
    ------
    ValueError
        A placeholder of the English text has no value, or a value no placeholder.
    """
    _check((text,), values)
    return _filled(_catalogue.gettext(text), text, values)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The form of a sentence for a number, which is its placeholder ``{number}``.

    Raises
    ------
    ValueError
        A placeholder of both forms has no value, or a value stands in none of them.
    """
    _check((one, many), values | {"number": number})
    english = one if number == 1 else many
    return _filled(_catalogue.ngettext(one, many, number), english, {"number": number} | values)


def _check(texts: tuple[str, ...], values: dict[str, Any]) -> None:
    named = {name for text in texts for _, name, _, _ in Formatter().parse(text)
             if name is not None}  # fmt: skip
    unknown, unused = named - set(values), set(values) - named - {"number"}
    if unknown or unused:
        said = f"no value for {sorted(unknown)}" if unknown else f"no place for {sorted(unused)}"
        raise ValueError(f"{texts[-1]!r}: {said}")


def _filled(text: str, english: str, values: dict[str, Any]) -> str:
    """A text filled; a translation that names something unknown gives way to the English text."""
    try:
        return text.format_map(values)
    except (LookupError, ValueError):
        return english.format_map(values)
