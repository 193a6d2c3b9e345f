"""From a message of the page to a method: one lock, and every refusal said in a sentence."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from tocsin.simulation.errors import InputError

Act = Callable[[dict[str, Any], list[Any]], None]


def dispatched(
    acts: Mapping[str, Act], lock: "threading.RLock", complain: Callable[[str], None]
) -> Act:
    """Call the act that a message names, under the lock.

    `complain` is called with "" before, and with the sentence if the act refuses. A message that
    names nothing known is left alone: it did not come from a page of ours.
    """

    def act(content: dict[str, Any], buffers: list[Any]) -> None:
        chosen = acts.get(str(content.get("do")))
        if chosen is None:
            return
        with lock:
            complain("")
            try:
                chosen(content, buffers)
            except InputError as wrong:
                complain(sentence(wrong))

    return act


def sentence(wrong: InputError) -> str:
    """What a page says of an error; the traceback of what caused it goes to the server's log."""
    if wrong.__cause__ is not None:
        logging.getLogger(__name__).warning("%s", wrong, exc_info=wrong)
    return str(wrong)


def numbered(content: Mapping[str, Any], last: int) -> int:
    """The number of a message that counts its kind; `last` if it has none."""
    serial = content.get("serial")
    return serial if isinstance(serial, int) else last
