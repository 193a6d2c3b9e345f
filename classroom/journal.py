"""The journal of a session: one line for everything that happened, on the disk before it counts.

A line is a JSON object with its checksum, its number, the time, the kind of event and its data.
The checksum covers the bytes of the line and the checksum of the line before. So a byte that has
changed is seen, and a line that was lost, doubled or moved; only the loss of whole lines at the end
cannot be told from a session that had come less far. A last line that a crash has cut off was never
answered to anybody; it is dropped.
"""

import errno
import hashlib
import json
import math
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.text_files import content_of

NAME = "journal.jsonl"
FORMAT = 2  # journals of format 1 had no checksums
BEGINS = b'{"sum": "'
START = b"tocsin journal %d"  # with the format: what the first checksum is chained to
STATED = re.compile(rb'"format": ([0-9]{1,6})')
SUM = 32  # hexadecimal digits, 128 bits
FIELDS = {"number": int, "at": float, "kind": str, "data": dict}


@dataclass(frozen=True)
class Event:
    """One thing that happened; `at` is in seconds since 1970."""

    number: int
    at: float
    kind: str
    data: dict[str, Any]


class Journal:
    """An append-only file of events; every event is on the disk when `append` returns.

    Nothing is written before `keep` is called, so that whoever opens it can look first.

    Parameters
    ----------
    folder
        Folder of the session; it is made, readable by its owner only, if it is not there.

    Attributes
    ----------
    path
        The file.
    events
        What happened, as far as the file is whole.
    damage
        What is wrong behind them, as the end of a sentence; empty if the file is whole.

    Raises
    ------
    InputError
        The file is of another version, or cannot be read, or another server writes it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._claim = _claimed(folder)
        self.path = folder / NAME
        self._file: BinaryIO | None = None
        try:
            self.events, self._marks, self.damage = _read(self.path)
        except InputError:
            self._claim.close()
            raise

    def keep(self, number: int) -> None:
        """Go on behind the first `number` events.

        If whole lines or a damaged one stand behind them, the file as it is goes to a copy first.
        """
        if self.damage or number < len(self.events):
            _copy(self.path)
        self.events, self.damage = self.events[:number], ""
        self._marks = self._marks[: number + 1]
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        self._cut()
        _sync_folder(self.path.parent)

    def append(self, at: float, kind: str, data: dict[str, Any]) -> Event:
        """Write one event down for good; `keep` must have been called.

        Raises InputError, and leaves the file as it was, if the disk does not take it.
        """
        if self._file is None:
            raise ValueError("the journal is open for reading only")
        event = Event(len(self.events) + 1, at, kind, data)
        text = {"number": event.number, "at": at, "kind": kind, "data": data}
        rest = json.dumps(text, ensure_ascii=False).encode()[1:]
        end, last = self._marks[-1]
        line = BEGINS + summed(last, rest) + b'", ' + rest + b"\n"
        try:
            if self._file.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._file.fileno())
        except OSError as wrong:
            self._cut()
            raise InputError(
                f"{self.path}: cannot be written ({wrong.strerror}); nothing happened."
            ) from None
        self.events.append(event)
        self._marks.append((end + len(line), summed(last, rest)))
        return event

    def _cut(self) -> None:
        """Leave nothing behind the last event."""
        assert self._file is not None
        self._file.truncate(self._marks[-1][0])
        self._file.seek(self._marks[-1][0])

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
        self._claim.close()


def summed(before: bytes, rest: bytes) -> bytes:
    """Checksum of a line, from that of the line before and from its bytes behind the checksum."""
    return hashlib.sha256(before + b" " + rest).hexdigest()[:SUM].encode()


def _claimed(folder: Path) -> BinaryIO:
    """A lock on the folder; the system lets go of it when the process ends, however it ends."""
    file = (folder / "lock").open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise InputError(f"{folder}: another server has this session open; close it first.") \
            from None  # fmt: skip
    return file


def _read(path: Path) -> tuple[list[Event], list[tuple[int, bytes]], str]:
    """Events of a journal; where each ends, with its checksum; what is wrong behind the last.

    The ends begin with that of nothing, so there is one more of them than there are events.
    """
    events: list[Event] = []
    marks = [(0, START % FORMAT)]
    try:
        content = content_of(path)
    except FileNotFoundError:
        return events, marks, ""
    except OSError as wrong:
        raise InputError(f"{path}: cannot be read ({wrong.strerror}).") from None
    _check_format(path, content)
    *lines, tail = content.split(b"\n")
    for line in lines:
        end, last = marks[-1]
        if not _holds(line, last):
            return events, marks, "its checksum does not fit"
        event = _event(line, len(events) + 1)
        if event is None:
            return events, marks, "it is no event of a session"
        events.append(event)
        marks.append((end + len(line) + 1, line[len(BEGINS) : len(BEGINS) + SUM]))
    last = marks[-1][1]
    braces = (at for at, byte in enumerate(tail[:-1]) if byte == ord("}"))
    if any(_holds(tail[: at + 1], last) for at in braces):  # whole, so it was not cut off
        return events, marks, "its end is damaged"
    return events, marks, ""


def _check_format(path: Path, content: bytes) -> None:
    """Whether this can be a journal of this format."""
    first = content.partition(b"\n")[0]
    if first.startswith(b'{"number": 1,') and b'"kind"' in first:
        raise InputError(
            f"{path}: an earlier version of Tocsin wrote this session, without checksums; take it "
            "up with that version."
        )
    stated = STATED.search(first)
    found = FORMAT if stated is None else int(stated[1])
    if found > FORMAT and _holds(first, START % found):
        raise InputError(_("{path}: this session is of format {found}, read here is {known}; "
                           "install a newer tocsin to take it up.", path=path, found=found,
                           known=FORMAT))  # fmt: skip
    whole = first[: len(BEGINS)]
    if not BEGINS.startswith(whole) and b'"number": 1,' not in first:
        raise InputError(f"{path}: this is no journal of a class.")


def _holds(line: bytes, before: bytes) -> bool:
    """Whether a line, without its end, has the checksum that it should have."""
    at = len(BEGINS) + SUM
    stated, middle, rest = line[len(BEGINS) : at], line[at : at + 3], line[at + 3 :]
    return line.startswith(BEGINS) and middle == b'", ' and stated == summed(before, rest)


def _event(line: bytes, number: int) -> Event | None:
    """The event of a line; None if it is not one, or has another number."""
    try:
        entry = json.loads(line, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    if set(entry) != {"sum", *FIELDS}:
        return None
    numbers = {name: entry[name] for name in FIELDS}
    if isinstance(numbers["at"], int) and not isinstance(numbers["at"], bool):
        numbers["at"] = float(numbers["at"]) if abs(numbers["at"]) < 2**53 else math.nan
    if any(type(numbers[name]) is not kind for name, kind in FIELDS.items()):
        return None
    event = Event(**numbers)
    return event if event.number == number and math.isfinite(event.at) else None


def _refused(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _copy(path: Path) -> None:
    """A copy of the file beside it, on the disk when this returns, under a name that is free."""
    content, number = content_of(path), 1
    while True:
        try:
            copy = path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")
            handle = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            break
        except FileExistsError:
            number += 1
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new file's name durable where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
