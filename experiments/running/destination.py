"""Destinations: where results go. Looked at before the first run, written whole or not at all.

A command calls `check_folder` or `check_file` before it computes anything: what will be made at
the end is made then and taken away again, so that a folder that is full, closed or somebody
else's is found out at once. `whole_folder`, `whole_files` and `write_whole` do the writing.
"""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tocsin.simulation.errors import InputError

WORK = ".tocsin-"  # begins the name of everything that is still being written
STRAYS = (".DS_Store", "Thumbs.db", "desktop.ini")  # what file managers leave in any folder
PAGE = (".html", ".htm")


def check_folder(target: Path, replaces: str = "", option: str = "--out") -> None:
    """Refuse a folder into which results could not be written later.

    Parameters
    ----------
    target
        The folder; it may be missing or empty.
    replaces
        Kind of results that may lie in it and would be replaced.
    option
        Where the user named it, for the sentence.

    Raises
    ------
    InputError
        The folder holds something, is a file, or cannot be written.
    """
    said = f"{option} {target}".strip()
    try:
        if target.exists() and not target.is_dir():
            raise InputError(f"{said}: that is a file; name a folder.")
        held = strangers(target)
    except OSError as wrong:
        raise InputError(f"{said}: cannot be used ({wrong.strerror}).") from None
    if held and not (replaces and _kind(target) == replaces):
        raise InputError(f"{said}: it is not empty (it holds {held[0]}); name a new or an empty "
                         "folder.")  # fmt: skip
    _try(target, said)
    if held:
        _try(target.absolute().parent, said)


def check_file(
    target: Path, endings: Sequence[str] = (), option: str = "--out", what: str = "the file"
) -> None:
    """Refuse a file that could not be written later; one that is there may be replaced.

    Raises
    ------
    InputError
        The name has another ending than is allowed, is that of a folder, or cannot be written.
    """
    said = f"{option} {target}".strip()
    if endings and target.suffix.lower() not in endings:
        raise InputError(f"{said}: the name of {what} ends in {endings[0]}.")
    try:
        if target.is_dir():
            raise InputError(f"{said}: that is a folder; name a file.")
        if target.exists() and not target.is_file():
            raise InputError(f"{said}: that is no ordinary file; name another one.")
        new = not target.exists()
    except OSError as wrong:
        raise InputError(f"{said}: cannot be used ({wrong.strerror}).") from None
    _try(target.absolute().parent, said, target.name if new else "")


def strangers(folder: Path) -> list[str]:
    """Names of what lies in a folder, without what file managers and unfinished writing leave."""
    if not folder.is_dir():
        return []
    names = (path.name for path in folder.iterdir())
    return sorted(name for name in names if name not in STRAYS and not name.startswith(WORK))


def _kind(folder: Path) -> str:
    """The kind of results that a folder says it holds; empty if it does not say."""
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    return str(told.get("kind", "")) if isinstance(told, dict) else ""


def _try(folder: Path, said: str, name: str = "") -> None:
    """Make the folder with a file of this name in it, and take both away again."""
    made: list[Path] = []
    try:
        missing, near = [], folder.absolute()
        while not near.exists():
            missing.append(near)
            near = near.parent
        for one in reversed(missing):
            one.mkdir()
            made.append(one)
        with tempfile.NamedTemporaryFile(prefix=WORK, dir=folder) as probe:
            probe.write(b"Tocsin")
            probe.flush()
        if name:
            with (folder / name).open("xb"):
                pass
            (folder / name).unlink()
    except OSError as wrong:
        raise InputError(f"{said}: cannot be written ({wrong.strerror or wrong}).") from None
    finally:
        for one in reversed(made):
            with suppress(OSError):
                one.rmdir()


@contextmanager
def whole_folder(target: Path, replaces: str = "", option: str = "--out") -> Iterator[Path]:
    """Give a temporary folder that becomes `target` if all goes well, and vanishes if not.

    `replaces` is the kind of results that may lie there and is replaced.

    Raises
    ------
    InputError
        The target holds something else, or cannot be written; or somebody filled it meanwhile,
        and the sentence says where the results are instead.
    """
    said = f"{option} {target}".strip()
    check_folder(target, replaces, option)
    place = target.absolute()
    held = bool(strangers(place))
    inside = place.is_dir() and not held  # a folder that is there stays the same folder
    home = place if inside else place.parent
    try:
        home.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=WORK, dir=home))
    except OSError as wrong:
        raise InputError(f"{said}: cannot be written ({wrong.strerror}).") from None
    try:
        yield work
        work.chmod(0o755)
        instead = _settle(work, place, inside, held)
    except OSError as wrong:
        shutil.rmtree(work, ignore_errors=True)
        raise InputError(
            f"{said}: writing failed, nothing was kept ({wrong.strerror or wrong})."
        ) from None
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    if instead != place:
        raise InputError(f"{said}: somebody wrote into it meanwhile; the results are whole in "
                         f"{instead}.")  # fmt: skip


def _settle(work: Path, place: Path, inside: bool, held: bool) -> Path:
    """Bring finished results to their place, or beside it if that is no longer free."""
    if held:
        old = place.with_name(f"{WORK}{secrets.token_hex(4)}-old")
        place.replace(old)
        work.replace(place)
        shutil.rmtree(old, ignore_errors=True)
        return place
    if strangers(place):
        number = 2
        while (beside := place.with_name(f"{place.name}-{number}")).exists():
            number += 1
        work.replace(beside)
        return beside
    if not inside:
        if place.exists():  # empty, or with strays only
            shutil.rmtree(place)
        work.replace(place)
        return place
    last = "manifest.json"  # a folder without it is no result yet
    for file in sorted(work.iterdir(), key=lambda file: (file.name == last, file.name)):
        file.replace(place / file.name)
    work.rmdir()
    return place


@contextmanager
def whole_files(target: Path) -> Iterator[Path]:
    """Give a temporary folder whose files come into a folder that is there, if all goes well.

    Raises
    ------
    InputError
        The folder cannot be written.
    """
    try:
        work = Path(tempfile.mkdtemp(prefix=WORK, dir=target))
    except OSError as wrong:
        raise InputError(f"{target}: cannot be written ({wrong.strerror}).") from None
    try:
        yield work
        for file in work.iterdir():
            file.replace(target / file.name)
    except OSError as wrong:
        raise InputError(f"{target}: writing failed ({wrong.strerror or wrong}).") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_whole(file: Path, text: str, option: str = "") -> None:
    """Write a text file in UTF-8, whole or not at all; missing folders are made.

    Raises
    ------
    InputError
        It cannot be written.
    """
    work = file.with_name(f"{WORK}{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(work, text)
        work.replace(file)
    except OSError as wrong:
        with suppress(OSError):
            work.unlink()
        said = f"{option} {file}".strip()
        raise InputError(f"{said}: cannot be written ({wrong.strerror or wrong}).") from None


def write_text(file: Path, text: str) -> None:
    """Write UTF-8; what UTF-8 cannot say (half a character of a file name) is escaped."""
    file.write_bytes(text.encode("utf-8", errors="backslashreplace"))


def same_place(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file or folder, there or not."""
    return os.path.realpath(one) == os.path.realpath(other)
