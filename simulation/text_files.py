"""The one door for text files that people write: bytes to text, text to tables, names to files.

Scenarios, maps, studies, lessons, lists of points and values behind ``--set`` all come in here,
so that each of them refuses the same things in the same words. What comes out holds plain values
only: texts without control characters, finite numbers of at most 64 bits, true and false, and
lists and tables of them, at most `MOST_DEPTH` deep.
"""

import codecs
import csv
import errno
import io
import math
import re
import stat
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from tocsin.simulation.errors import InputError

MOST_BYTES = 32 * 1024 * 1024  # assumption: ten times the largest map that a laptop runs
MOST_DEPTH = 12  # no key of any file lies deeper than five
LARGEST = 2**63 - 1  # whole numbers have 64 bits in TOML
MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
NUMBER = re.compile(r"[+-]?([0-9]++(\.[0-9]*+)?|\.[0-9]++)([eE][+-]?[0-9]++)?")


class Shadowed(UserWarning):
    """Two files have the name that a reference states; the text says which of them is read."""


class ListedLine(NamedTuple):
    """A line of a list; `number` counts the lines of the file from 1."""

    number: int
    cells: list[str]


def read_text(source: Traversable, noun: str) -> str:
    r"""Text of a file, with ``\n`` at the end of each line.

    Parameters
    ----------
    source
        A file on the disk, or one that comes with the package.
    noun
        What the file should be, as in "a scenario".

    Raises
    ------
    InputError
        There is no such file, it is no plain file, it is too large, it cannot be read, or it is
        no text in UTF-8. A byte order mark is allowed.
    """
    try:
        data = _bounded(source, noun) if isinstance(source, Path) else source.read_bytes()
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{source}: there is no such file.") from None
    except OSError as wrong:
        raise InputError(f"{source.name}: cannot be read ({wrong.strerror}).") from None
    except ValueError:  # a name that no file can have
        raise InputError(f"{source.name!r}: there is no such file.") from None
    if not source.name.isprintable():  # half characters, line breaks: no table can hold them
        raise InputError(f"{source.name!r}: the name of the file is no printable text; rename it.")
    return decoded(data, source.name)


def content_of(path: Path) -> bytes:
    """Content of a plain file, links followed; raises OSError of what else stands there.

    A device or a pipe may never end, or never begin.
    """
    kind = path.stat().st_mode
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise OSError(errno.EINVAL, "a device or a pipe and no file", str(path))
    return path.read_bytes()


def _bounded(path: Path, noun: str) -> bytes:
    """Content of a plain file; a device or a pipe may never end, or never begin."""
    kind = path.stat().st_mode
    if stat.S_ISDIR(kind):
        raise InputError(f"{path}: that is a folder; {noun} is a file.")
    if not stat.S_ISREG(kind):
        raise InputError(f"{path}: that is a device or a pipe; {noun} is a file.")
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{path.name}: too large; allowed are {MOST_BYTES // 1024**2} million bytes."
        )
    return data


def decoded(data: bytes, name: str) -> str:
    """Text of bytes that came from somewhere; `name` begins the sentence about a fault.

    Raises InputError unless it is text in UTF-8.
    """
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            raise InputError(f"{name}: the text is in {encoding}; save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise InputError(
            f"{name}: not UTF-8 text (byte {wrong.start}); save it as UTF-8."
        ) from None
    if "\0" in text:
        raise InputError(f"{name}: not a text file (byte {text.index(chr(0))} is zero); save it as "
                         "UTF-8.")  # fmt: skip
    return text.replace("\r\n", "\n").replace("\r", "\n")


def toml_table(text: str) -> dict[str, Any]:
    """The table that a text in TOML states, of plain values only.

    Raises
    ------
    InputError
        It is not valid TOML, or a value is none that a file may hold. The sentence names the key
        and not the file.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise InputError(f"not valid TOML: {wrong}.") from None
    except RecursionError:
        raise InputError(f"not valid TOML: nested more than {MOST_DEPTH} deep.") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise InputError(f"not valid TOML: a whole number is too large; allowed is one from "
                         f"{-LARGEST - 1} to {LARGEST}.") from None  # fmt: skip
    _check_plain(table)
    return table


def toml_value(text: str) -> Any:
    """A single value as it stands in a TOML file.

    Raises InputError if it is none, as `toml_table` does.
    """
    table = toml_table(f"value = {text}")
    if list(table) != ["value"]:
        raise InputError("value: more than one value; one is enough.")
    return table["value"]


def _check_plain(table: dict[str, Any]) -> None:
    """Refuse values that no key takes. Walks without recursion, in the order of the file."""
    waiting: list[tuple[str, Any, int]] = [("", table, 0)]
    while waiting:
        where, value, depth = waiting.pop()
        if isinstance(value, dict | list) and depth > MOST_DEPTH:
            raise InputError(f"{where}: nested more than {MOST_DEPTH} deep.")
        if isinstance(value, dict):
            for key in value:
                if not key.isprintable():
                    raise InputError(f"{_below(where, repr(key))}: a key holds no control "
                                     "characters and no line breaks.")  # fmt: skip
            waiting += [(_below(where, k), v, depth + 1) for k, v in reversed(value.items())]
        elif isinstance(value, list):
            count = len(value)
            several = bool(value) and all(isinstance(item, dict) for item in value)
            waiting += [
                (f"{where} {count - n}, " if several else where, item, depth + 1)
                for n, item in enumerate(reversed(value))
            ]
        elif isinstance(value, str):
            if CONTROL.search(value):
                raise _controlled(where, value)
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise InputError(f"{where} = {value}: not a finite number.")
        elif isinstance(value, int):
            if not -LARGEST - 1 <= value <= LARGEST:
                raise InputError(f"{where}: a whole number is too large; allowed is one from "
                                 f"{-LARGEST - 1} to {LARGEST}.")  # fmt: skip
        else:
            raise InputError(f"{where} = {value.isoformat()}: a date or a time, which no key "
                             "takes; a text stands in quotes.")  # fmt: skip


def _below(where: str, key: str) -> str:
    if where and key == "value":  # a fault is one of the key, as in { value = 3, reason = "..." }
        return where
    return f"{where}.{key}" if where and not where.endswith(", ") else f"{where}{key}"


def _controlled(where: str, text: str) -> InputError:
    found = CONTROL.search(text)
    code = ord(found.group()) if found else 0
    return InputError(f"{where}: the text holds the control character U+{code:04X}; take it out.")


def read_list(
    source: Traversable, noun: str
) -> tuple[ListedLine, list[ListedLine], Callable[[str], Any]]:
    """Head, lines and reader of cells of a list, as spreadsheets and pandas write them.

    Between the cells stand commas, semicolons or tabs, the first of them that the head has.
    Blank lines, and columns that are blank from the head to the last line, are left out. With
    semicolons or tabs a comma in a number is the decimal sign. The reader turns a cell into a
    number, a truth value, a list or a text.

    Raises
    ------
    InputError
        As `read_text`, or the file is empty or has a line of another length than the head; the
        sentence names file and line.
    """
    text = read_text(source, noun)
    told = re.match(r"sep=([;,\t])\n", text)  # a line that Excel writes and reads
    begin = told.end() if told else 0
    head_text = next((line for line in text[begin:].split("\n") if line.strip()), "")
    sign = told.group(1) if told else next((c for c in ",;\t" if c in head_text), ",")
    lines = _lines(text[begin:], sign, source.name)
    shift = 1 if told else 0
    rows = [
        ListedLine(n + shift, cells) for n, cells in lines if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise InputError(f"{source.name}: the file is empty; the first line names the keys.")
    head, *rest = rows
    width = len(head.cells)
    while width and not any("".join(row.cells[width - 1 :]).strip() for row in rows):
        width -= 1
    for row in rest:
        if any(cell.strip() for cell in row.cells[width:]) or len(row.cells) < width:
            hint = "; a decimal sign is a point" if sign == "," and len(row.cells) > width else ""
            raise InputError(f"{source.name}, line {row.number}: {len(row.cells)} values for "
                             f"{width} keys{hint}.")  # fmt: skip
    cut = [ListedLine(row.number, [cell.strip() for cell in row.cells[:width]]) for row in rows]
    return cut[0], cut[1:], (cell if sign == "," else lambda text: cell(_pointed(text)))


def _lines(text: str, sign: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Number of the first line, and cells, of each row."""
    reader = csv.reader(io.StringIO(text), delimiter=sign, strict=True, skipinitialspace=True)
    first = 1
    try:
        for cells in reader:
            yield first, cells
            first = reader.line_num + 1
    except csv.Error as wrong:
        raise InputError(f"{name}, line {first}: not a line of a list ({wrong}).") from None


def _pointed(text: str) -> str:
    """A number with a decimal comma as one with a point; any other text as it is."""
    pointed = text.replace(",", ".", 1)
    return pointed if "." not in text and NUMBER.fullmatch(pointed) else text


def cell(text: str) -> Any:
    """What a cell of a list, or the value behind ``--set``, stands for.

    A number may lack the digit before or behind its point; what is no value of TOML is a plain
    text.

    Raises
    ------
    InputError
        A number is not finite or too large, a list lies too deep, or a text holds control
        characters.
    """
    if CONTROL.search(text):
        raise _controlled("value", text)
    if NUMBER.fullmatch(text):
        text = re.sub(r"(?<![0-9])\.", "0.", text)
        text = re.sub(r"\.(?![0-9])", ".0", text)
        text = re.sub(r"^([+-]?)0+(?=[0-9])", r"\1", text)
    elif text in ("TRUE", "FALSE", "True", "False"):
        text = text.lower()
    try:
        tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    except (ValueError, RecursionError):
        pass  # said in a sentence below
    if "\n" in text:
        return text
    return toml_value(text)


def find(
    name: str,
    folder: Path | None,
    shipped: Mapping[str, Traversable],
    ending: str,
    noun: str,
    referring: Path | None = None,
) -> Traversable | None:
    """The file that a reference means, by the one rule for all of them.

    A path, or a name with its `ending`, means the file from `folder`; if there is none, a name
    means the shipped file of that name. A name without the ending means the shipped file. Where a
    file from the folder and another shipped one both have the name, `Shadowed` says which is read.

    Parameters
    ----------
    name
        What is stated: in a file, on the command line, or in Python.
    folder
        Where the file lies that states it; the current folder for the command line and Python.
        None for text that lies nowhere: only shipped files are meant then.
    shipped
        Files that come with the package, by name without the ending.
    ending
        As ``.toml``.
    noun
        What is looked for, for the sentence of the warning.
    referring
        The file that states the name; it may have the name of its shipped parent.
    """
    stem = name.removesuffix(ending)
    known = shipped.get(stem)
    if folder is None:
        return known
    own, namesake, plain = folder / name, folder / f"{stem}{ending}", stem == name
    if known is None:
        return own if exists(own) else None
    if not exists(namesake):
        return known
    if namesake != referring and not _same(namesake, known):
        read = f"shipped {noun} is read and not the one beside"
        if not plain:
            read = f"{noun} beside is read and not the shipped one"
        warnings.warn(
            f"{noun} {name!r}: the {read}; {stem!r} means the "
            f"shipped one, {stem + ending!r} the one beside.", Shadowed, stacklevel=2,
        )  # fmt: skip
    return known if plain else own


def exists(path: Path) -> bool:
    """Whether something is there; what cannot be looked at is, so that reading it says why."""
    try:
        return path.exists()
    except PermissionError:
        return True
    except (OSError, ValueError):  # a name that no file can have
        return False


def _same(path: Path, shipped: Traversable) -> bool:
    """Whether a file says what the shipped one says, which it may be itself."""
    try:
        said = shipped.read_bytes()
        return path.is_file() and path.stat().st_size == len(said) and path.read_bytes() == said
    except OSError:
        return False
