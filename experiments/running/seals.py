"""Seals: SHA-256 sums by which a folder of results is known to be as it was written."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from tocsin.simulation.errors import InputError
from tocsin.simulation.state import fingerprint_format
from tocsin.simulation.text_files import content_of

FORMAT = 2  # of every folder of results; those without a number are older
FAULTS = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError,
    NotImplementedError,
)  # fmt: skip


def digest_of(content: bytes) -> str:
    """SHA-256 of the content of a file."""
    return hashlib.sha256(content).hexdigest()


def sealed(told: Mapping[str, Any]) -> bytes:
    """JSON text with its own SHA-256 in it."""
    plain = json.loads(json.dumps(told))
    text = json.dumps(plain | {"sha256": _sum(plain)}, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", errors="backslashreplace")


def unsealed(path: Path) -> dict[str, Any]:
    """What `sealed` wrote.

    Raises
    ------
    ValueError
        It is damaged; the text says how.
    FileNotFoundError
        It is not there.
    """
    try:
        told = json.loads(content_of(path).decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as wrong:
        raise FileNotFoundError(wrong.errno, wrong.strerror, str(path)) from None
    except (OSError, ValueError, RecursionError) as wrong:
        raise ValueError(f"cannot be read ({reason(wrong)})") from None
    if not isinstance(told, dict):
        raise ValueError("is no manifest")
    old = "sha256" not in told and "format" not in told  # before there were any
    if not old and told.pop("sha256", "") != _sum(told):
        raise ValueError("is damaged: it does not fit its own SHA-256")
    return told


def _sum(told: Mapping[str, Any]) -> str:
    return digest_of(json.dumps(told, sort_keys=True).encode())


def reason(wrong: BaseException) -> str:
    """Why something failed, in one line."""
    return (wrong.strerror if isinstance(wrong, OSError) else "") or str(wrong).split("\n")[0]


def write_manifest(
    told: Mapping[str, Any], folder: Path, files: Sequence[str], name: str = "manifest.json"
) -> None:
    """Write a manifest with its format and the sums of files that are in the folder."""
    sums = {file: digest_of(content_of(folder / file)) for file in files}
    (folder / name).write_bytes(sealed({**told, "format": FORMAT, "files": sums}))


def read_manifest(
    folder: Path, kind: str, again: str, name: str = "manifest.json"
) -> dict[str, Any]:
    """The manifest of a folder of results.

    Parameters
    ----------
    kind
        Of results that are expected there.
    again
        What to do if they are not there or cannot be used, for the sentence.

    Raises
    ------
    InputError
        There is no such folder, it is damaged, of another format, or holds something else.
    """
    try:
        told = unsealed(folder / name)
    except FileNotFoundError:
        raise InputError(f"{folder}: there is no {name}; {again}.") from None
    except ValueError as wrong:
        raise InputError(f"{folder}: {name} {wrong}; {again}.") from None
    found = told.get("kind")
    if found != kind:
        raise InputError(f"{folder}: {name} is of kind {found!r}, not {kind!r}; {again}.")
    check_format(folder, told, again)
    return told


def check_format(folder: Path, told: Mapping[str, Any], again: str) -> None:
    """Refuse a folder of another format, or with fingerprints of a newer one; raises InputError."""
    found = told.get("format")
    if found == FORMAT:
        fingerprint_format(told, folder)
        return
    if isinstance(found, int) and found > FORMAT:
        again = "install a newer tocsin to read it"
    said = "an older one" if found is None else found
    raise InputError(f"{folder}: its format is {said}, read here is {FORMAT}; {again}.")


def checked(folder: Path, told: Mapping[str, Any], file: str, again: str) -> bytes:
    """The content of a file that a manifest has the sum of; raises InputError if it differs."""
    try:
        content = content_of(folder / file)
    except FileNotFoundError:
        raise InputError(f"{folder}: {file} is missing; {again}.") from None
    except OSError as wrong:
        raise InputError(f"{folder}: {file} cannot be read ({wrong.strerror}); {again}.") from None
    if digest_of(content) != told["files"].get(file):
        raise InputError(f"{folder}: {file} is damaged: it does not have the SHA-256 that was "
                         f"noted; {again}.")  # fmt: skip
    return content


def checked_table(folder: Path, told: Mapping[str, Any], stem: str, again: str) -> pd.DataFrame:
    """A table that a manifest has the sum of; raises InputError if it differs."""
    return pd.read_parquet(io.BytesIO(checked(folder, told, f"{stem}.parquet", again)))


@contextmanager
def or_said(folder: Path, again: str) -> Iterator[None]:
    """Turn what else can go wrong with files of another hand into a sentence (`InputError`)."""
    try:
        yield
    except InputError:
        raise
    except FAULTS as wrong:
        raise InputError(f"{folder}: it does not hold what it should ({type(wrong).__name__}: "
                         f"{reason(wrong)[:200]}); {again}.") from None  # fmt: skip
