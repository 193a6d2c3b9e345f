"""A log that cannot fill the disk.

Whatever goes wrong on a page is said on stderr with its traceback; somebody who makes things go
wrong on purpose must not write the trainer's disk full. So only so much is written at once, and a
little more every minute.
"""

import io
import threading
import time
from collections.abc import Callable
from typing import TextIO

AT_ONCE = 256 * 1024
A_MINUTE = 1024  # one and a half megabytes a day


class BoundedLog(io.TextIOBase):
    """A text stream that leaves out what is too much, and says how much it left out.

    Parameters
    ----------
    stream
        Where it is written.
    at_once, a_minute
        Characters.
    clock
        Seconds, never set back.
    """

    def __init__(
        self, stream: TextIO, at_once: int = AT_ONCE, a_minute: int = A_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._stream, self._most, self._rate, self._clock = stream, at_once, a_minute / 60, clock
        self._left, self._at, self._omitted = float(at_once), clock(), 0
        self._lock = threading.Lock()

    def write(self, text: str, /) -> int:
        """Write a text, or leave it out; says that all of it was written."""
        with self._lock:
            now = self._clock()
            self._left = min(self._most, self._left + (now - self._at) * self._rate)
            self._at = now
            note = f"\n[{self._omitted} characters left out of the log]\n" * bool(self._omitted)
            if len(note) + len(text) > self._left:
                self._omitted += len(text)
                return len(text)
            self._omitted = 0
            self._left -= len(note) + len(text)
            self._stream.write(note + text)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether somebody reads it as it is written."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Of the stream behind it."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Of the stream behind it."""
        return self._stream.encoding
