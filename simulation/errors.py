"""The one exception that a user reads."""

import difflib
import re
from collections.abc import Iterable

LONGEST_WORD = 300  # characters without a blank that a sentence repeats whole: a path fits
LONGEST_NAME = 80  # beyond this nobody has misspelt a name


class InputError(ValueError):
    """A fault in what the user gave; its text is the one sentence the user reads.

    What a file states may be a million characters long; the sentence repeats its two ends.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(re.sub(rf"\S{{{LONGEST_WORD},}}", _ends, sentence))


def _ends(found: re.Match[str]) -> str:
    return f"{found.group()[:60]}...{found.group()[-20:]}"


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Say which allowed name comes nearest, as ``" (nearest: 'road')"``, or nothing at all."""
    if len(word) > LONGEST_NAME:
        return ""
    close = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.5)
    return f" (nearest: {close[0]!r})" if close else ""
