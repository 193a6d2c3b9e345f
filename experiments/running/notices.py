"""Notices: what went wrong beside a result costs one sentence, never the result."""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Notice(UserWarning):
    """A sentence for the user; the command line prints it as it is."""


class FigureWarning(Notice):
    """Says which figure is missing, and why."""


class StoreWarning(Notice):
    """Says which files of a store are ignored, or were lost and are run again."""


def drawn[Made](
    name: str, draw: Callable[[], Made], otherwise: Made, missing: list[str] | None = None
) -> Made:
    """What `draw` gives; if it fails, `otherwise` and a `FigureWarning`.

    Parameters
    ----------
    name
        Of the figure, as people read it.
    missing
        Takes the sentence too, for a page that says what it lacks.
    """
    try:
        return draw()
    except Exception as wrong:
        reason = " ".join(str(wrong).split()) or type(wrong).__name__
        sentence = f"the figure “{name}” could not be drawn ({reason[:200]})"
        if missing is not None:
            missing.append(sentence)
        warnings.warn(f"{sentence}; all else is whole.", FigureWarning, stacklevel=2)
        return otherwise


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """Say every `Notice` as a sentence on stderr; other warnings stay as they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", Notice)
        others = warnings.showwarning

        def told(message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
            if issubclass(category, Notice):
                print(f"tocsin: {message}", file=sys.stderr)
            else:
                others(message, category, *rest, **more)

        warnings.showwarning = told
        yield
