"""Standard streams and Ctrl-C: whatever a shell makes of them, a command ends in a sentence."""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self, TextIO


def open_streams() -> None:
    r"""Give every standard stream somewhere to go, and let none of them refuse a character.

    A stream that the shell has closed (``>&-``) leads nowhere; what a console cannot print is
    written as ``\u0411``.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                with suppress(OSError):
                    os.fstat(number)  # somebody has it by now: leave it alone
                    number = nowhere
                os.dup2(nowhere, number)
            os.set_inheritable(number, True)
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", closefd=False))  # noqa: SIM115
        elif name != "stdin" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue]


def let_go() -> None:
    """Write out what is left; where nobody reads it any more, lead the stream nowhere.

    Python would otherwise try again at its end, and complain in words of its own.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError, AttributeError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Interrupts:
    """Remember Ctrl-C, which a library may take for a fault of its own and swallow.

    While the context holds, the first Ctrl-C is raised as ever and noted too; `check` raises it
    again where something would otherwise be written after it.
    """

    pending = False

    def __enter__(self) -> Self:
        Interrupts.pending = False
        self._before: Any = None
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not in the background
            with suppress(ValueError):  # only the first thread may
                self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, number: int, frame: FrameType | None) -> None:
        Interrupts.pending = True
        raise KeyboardInterrupt

    @classmethod
    def taken(cls) -> None:
        """Forget the one that came: what it asked for has been done."""
        cls.pending = False

    @classmethod
    def check(cls) -> None:
        """Raise KeyboardInterrupt if one came and nobody acted on it."""
        if cls.pending:
            raise KeyboardInterrupt
