"""Parts of a store: numbered files that count only under a seal, and only as long as it fits.

A part is up to three tables (``runs``, ``series``, ``ledger``) and a seal, written last:
``ledger/000001.json`` with the SHA-256 of each table, the number of the part, and what the store
is of. So a file that is missing, changed, copied or from another store is found when it is read,
and whatever else lies in the folders is named and left alone.
"""

import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.experiments.running.seals import FORMAT, digest_of, reason, sealed, unsealed
from tocsin.simulation.errors import InputError
from tocsin.simulation.text_files import content_of

FOLDERS = ("runs", "series", "ledger")
LOST = "lost"  # where damaged parts are put
KEYS = ["point", "replication"]
WAY_OUT = "`tocsin sweep STUDY --out {folder}` runs again what was in it"
NUMBERED = re.compile(r"([0-9]{6,})\.(parquet|json)")


@dataclass(frozen=True)
class Parts:
    """The parts in a folder that belong to one store.

    Attributes
    ----------
    folder
        Of the store.
    of
        What tells the store from others; stands in each seal.
    """

    folder: Path
    of: str

    def seals(self) -> tuple[dict[int, dict[str, Any]], dict[int, str]]:
        """What each sound seal says, and what is wrong with each other one, by number.

        A seal is sound if it is of this store and says the number that its file has. Parts that
        are noted as lost have none, whoever brings their files back: their runs were run again.

        Raises
        ------
        InputError
            The folder cannot be read.
        """
        try:
            names = [path.name for path in (self.folder / "ledger").iterdir()]
        except OSError as wrong:
            raise InputError(f"{self.folder}: the folder ledger cannot be read "
                             f"({wrong.strerror}); {self._way_out()}.") from None  # fmt: skip
        sound: dict[int, dict[str, Any]] = {}
        unfit: dict[int, str] = {}
        for number in sorted(filter(None, (_number(name, "json") for name in names))):
            try:
                sound[number] = self._seal(number)
            except InputError as wrong:
                unfit[number] = str(wrong)
        lost = _noted(sound)
        return (
            {number: told for number, told in sound.items() if not _in(number, lost)},
            {number: fault for number, fault in unfit.items() if not _in(number, lost)},
        )

    def free(self) -> int:
        """The number of the next part."""
        sound, unfit = self.seals()
        return max([*sound, *unfit], default=0) + 1

    def paths(self, number: int) -> list[Path]:
        """All files that a part may have, the seal last."""
        tables = [self.folder / name / f"{number:06d}.parquet" for name in FOLDERS]
        return [*tables, self.folder / "ledger" / f"{number:06d}.json"]

    def sound(self) -> list[int]:
        """Numbers of parts in which nothing is wrong."""
        return [number for number, seal in self.seals()[0].items() if not self._fault(number, seal)]

    def tables(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The tables of this name, part after part.

        Raises
        ------
        InputError
            A part is missing or damaged, or a seal is none of the store; the sentence names the
            file and the way out.
        """
        self.check_names()
        sound, unfit = self.seals()
        gone = {first: _missing(first, last) for first, last in _gaps(sound, unfit)}
        for number in sorted([*sound, *unfit, *gone]):
            try:
                if number in sound:
                    if name in sound[number]["files"]:
                        yield self._table(number, name, columns)
                else:
                    raise InputError({**unfit, **gone}[number])
            except InputError as wrong:
                way_out = self._way_out()
                if number in unfit and not self._known(number, sound, unfit):
                    way_out = f"take it away, or `tocsin sweep STUDY --out {self.folder}` does"
                raise InputError(f"{self.folder}: {wrong}; {way_out}.") from None

    def finished(self, shape: tuple[int, int]) -> NDArray[np.int8]:
        """For each point and replication: 0 not in a sound part, 1 done, 2 failed.

        Raises InputError as `check_names` does.
        """
        self.check_names()
        state = np.zeros(shape, dtype=np.int8)
        tables = [self._table(number, "ledger", [*KEYS, "status"]) for number in self.sound()]
        for status, value in (("failed", 2), ("done", 1)):  # who was done later is done
            for table in tables:
                rows = table.loc[table["status"] == status]
                state[rows["point"], rows["replication"]] = value
        return state

    def check_names(self) -> None:
        """Refuse a seal that was renamed: its part is whole, but for the name.

        Raises
        ------
        InputError
            A seal says the number of a part that has none; the sentence says how to name it.
        """
        sound, unfit = self.seals()
        lost = _noted(sound)
        for number in unfit:
            told = self._told(number)
            if told and told["part"] not in {*sound, *unfit} and not _in(told["part"], lost):
                raise InputError(
                    f"{self.folder}: ledger/{number:06d}.json is the seal of part "
                    f"{told['part']:06d}, which has none; name it ledger/{told['part']:06d}.json "
                    "again, and so the tables that were renamed with it."
                )

    def ignored(self) -> list[str]:
        """Files in the folders of the parts that belong to none."""
        sound, unfit = self.seals()
        sealed_ones = {path for number in [*sound, *unfit] for path in self.paths(number)}
        return [f"{path.parent.name}/{path.name}" for path in self._all()
                if path not in sealed_ones and path.suffix != ".tmp"]  # fmt: skip

    def clear(self, empty: pd.DataFrame) -> list[str]:
        """Take away what a killed writer left, put damaged parts aside, and say what was lost.

        Numbers of parts that were lost are noted in the seal of one new part with the empty
        ledger that is given, however many they are. Files that are no part of a store stay where
        they are.

        Raises
        ------
        InputError
            As `check_names`; nothing was changed.
        """
        self.check_names()
        for name in FOLDERS:
            (self.folder / name).mkdir(exist_ok=True)
        told, lost = [], []
        sound, unfit = self.seals()
        last = max(sound, default=0)
        for first, end in _gaps(sound, unfit):
            self._put_aside(first, end)
            lost.append((first, end))
            told.append(f"{_missing(first, end)}; its runs are run again")
        for number in sorted([*sound, *unfit]):
            fault = unfit.get(number) or self._fault(number, sound[number])
            if fault:
                lone = not self._known(number, sound, unfit)
                self._put_aside(number, number)
                if number <= last:
                    lost.append((number, number))
                told.append(f"{fault}; it is put aside in the folder {LOST}" if lone
                            else f"{fault}; its runs are run again")  # fmt: skip
        for path in self._all():
            if path.suffix == ".tmp" and not path.is_dir():
                path.unlink()
        left = [path for path in self.paths(last + 1) if path.is_file()]
        for path in left:
            path.unlink()
        if left:
            told.append(f"part {last + 1:06d} has no seal; its runs are run again")
        if lost:
            for name, content in files_of(last + 1, self.of, {"ledger": empty}, lost):
                write(self.folder / name, content)
        return [f"{self.folder}: {sentence}" for sentence in told]

    def _known(self, number: int, sound: Mapping[int, Any], unfit: Mapping[int, str]) -> bool:
        """Whether an unfit seal stands where runs were: it has tables, or parts behind it."""
        return number in sound or number < max(sound, default=0) or any(
            os.path.lexists(path) for path in self.paths(number)[:-1]
        )  # fmt: skip

    def _all(self) -> list[Path]:
        return [path for name in FOLDERS if (self.folder / name).is_dir()
                for path in sorted((self.folder / name).iterdir())]  # fmt: skip

    def _put_aside(self, first: int, last: int) -> None:
        home = self.folder / LOST
        home.mkdir(exist_ok=True)
        for path in self._all():
            number = _number(path.name, "json" if path.suffix == ".json" else "parquet")
            if number is not None and first <= number <= last:
                name, again = f"{path.parent.name}-{path.name}", 2
                while os.path.lexists(home / name):
                    name, again = f"{path.parent.name}-{again}-{path.name}", again + 1
                path.rename(home / name)

    def _told(self, number: int) -> dict[str, Any]:
        """What a seal of this store says, whatever its number; empty if it is none."""
        try:
            told = unsealed(self.folder / f"ledger/{number:06d}.json")
        except (FileNotFoundError, ValueError):
            return {}
        return told if self._ours(told) else {}

    def _ours(self, told: Mapping[str, Any]) -> bool:
        files, part, lost = told.get("files"), told.get("part"), told.get("lost", [])
        return (
            told.get("of") == self.of and isinstance(files, dict) and set(files) <= set(FOLDERS)
            and type(part) is int and part > 0 and isinstance(lost, list)
            and all(isinstance(pair, list) and [type(n) for n in pair] == [int, int]
                    for pair in lost)
        )  # fmt: skip

    def _seal(self, number: int) -> dict[str, Any]:
        """What the seal of a part says: the SHA-256 of its tables, and numbers that are lost."""
        name = f"ledger/{number:06d}.json"
        try:
            told = unsealed(self.folder / name)
        except FileNotFoundError:
            raise InputError(f"{name} is missing") from None
        except ValueError as wrong:
            raise InputError(f"{name} {wrong}") from None
        if not self._ours(told):
            raise InputError(f"{name} is of another store")
        if told["part"] != number:
            raise InputError(f"{name} is a copy of part {told['part']}")
        return told

    def _fault(self, number: int, seal: Mapping[str, Any]) -> str:
        """What is wrong with the tables of a part, beginning with the name of the file."""
        try:
            for name in seal["files"]:
                self._content(number, name)
        except InputError as wrong:
            return str(wrong)
        return ""

    def _content(self, number: int, name: str) -> bytes:
        file = f"{name}/{number:06d}.parquet"
        expected = self._seal(number)["files"].get(name, "")
        try:
            content = content_of(self.folder / file)
        except FileNotFoundError:
            raise InputError(f"{file} is missing") from None
        except OSError as wrong:
            raise InputError(f"{file} cannot be read ({wrong.strerror})") from None
        if digest_of(content) != expected:
            raise InputError(f"{file} is damaged: it does not have the SHA-256 that was noted")
        return content

    def _table(
        self, number: int, name: str, columns: Sequence[str] | None = None
    ) -> pd.DataFrame:  # fmt: skip
        content = io.BytesIO(self._content(number, name))
        try:
            return pd.read_parquet(content, columns=None if columns is None else list(columns))
        except (OSError, ValueError) as wrong:
            raise InputError(
                f"{name}/{number:06d}.parquet cannot be read ({reason(wrong)})"
            ) from None

    def _way_out(self) -> str:
        return WAY_OUT.format(folder=self.folder)


def _number(name: str, ending: str) -> int | None:
    """The number of a part that a file has in its name; None if it has none."""
    found = NUMBERED.fullmatch(name)
    if found is None or found[2] != ending or name != f"{int(found[1]):06d}.{ending}":
        return None
    return int(found[1])


def _gaps(sound: Mapping[int, Any], unfit: Mapping[int, str]) -> list[tuple[int, int]]:
    """First and last of the numbers without a seal before the last part, but for those noted."""
    last = max(sound, default=0)
    gaps, free = [], 1
    for first, end in sorted([*_noted(sound), *((n, n) for n in [*sound, *unfit] if n <= last)]):
        if first > free:
            gaps.append((free, first - 1))
        free = max(free, end + 1)
    return gaps


def _noted(sound: Mapping[int, Mapping[str, Any]]) -> list[tuple[int, int]]:
    """First and last of the numbers that seals note as lost."""
    return [(first, last) for seal in sound.values() for first, last in seal.get("lost", [])]


def _in(number: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(first <= number <= last for first, last in ranges)


def _missing(first: int, last: int) -> str:
    more = f" to {last:06d}.json are" if last > first else " is"
    return f"ledger/{first:06d}.json{more} missing"


def files_of(
    number: int, of: str, tables: Mapping[str, pd.DataFrame],
    lost: Sequence[tuple[int, int]] = (),
) -> list[tuple[str, bytes]]:  # fmt: skip
    """Names and contents of the files of a new part, in the order of writing; the seal last.

    `lost` has the first and the last of numbers of parts that are known to be lost.
    """
    files, sums = [], {}
    for name, table in tables.items():
        content = parquet(table)
        sums[name] = digest_of(content)
        files.append((f"{name}/{number:06d}.parquet", content))
    told = {"format": FORMAT, "of": of, "part": number, "files": sums}
    told |= {"lost": [list(pair) for pair in lost]} if lost else {}
    return [*files, (f"ledger/{number:06d}.json", sealed(told))]


def write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also if the power goes."""
    beside = path.with_suffix(".tmp")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def parquet(table: pd.DataFrame, index: bool = False) -> bytes:
    """A table as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=index)
    return buffer.getvalue()
