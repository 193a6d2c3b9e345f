"""The one exception that a user reads."""

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """A fault in what the user gave; its text is the one sentence the user reads."""


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Say which allowed name comes nearest, as ``" (nearest: 'road')"``, or nothing at all."""
    close = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.5)
    return f" (nearest: {close[0]!r})" if close else ""
