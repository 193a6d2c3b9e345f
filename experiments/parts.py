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

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.seals import FORMAT, digest_of, reason, sealed, unsealed
from simulation.errors import InputError

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

    def numbers(self) -> list[int]:
        """Numbers of all parts that have a seal, sound or not."""
        try:
            names = [path.name for path in (self.folder / "ledger").iterdir()]
        except OSError as wrong:
            raise InputError(f"{self.folder}: the folder ledger cannot be read "
                             f"({wrong.strerror}); {self._way_out()}.") from None  # fmt: skip
        found = (NUMBERED.fullmatch(name) for name in names)
        return sorted(int(one[1]) for one in found if one and one[2] == "json")

    def free(self) -> int:
        """The number of the next part."""
        return max(self.numbers(), default=0) + 1

    def paths(self, number: int) -> list[Path]:
        """All files that a part may have, the seal last."""
        tables = [self.folder / name / f"{number:06d}.parquet" for name in FOLDERS]
        return [*tables, self.folder / "ledger" / f"{number:06d}.json"]

    def fault(self, number: int) -> str:
        """What is wrong with a part, beginning with the name of the file; empty if it is sound."""
        try:
            for name in self._seal(number):
                self._content(number, name)
        except InputError as wrong:
            return str(wrong)
        return ""

    def sound(self) -> list[int]:
        """Numbers of parts in which nothing is wrong."""
        return [number for number in self.numbers() if not self.fault(number)]

    def tables(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The tables of this name, part after part.

        Raises
        ------
        InputError
            A part is missing or damaged; the sentence names the file and the way out.
        """
        numbers = self.numbers()
        for number in range(1, max(numbers, default=0) + 1):
            try:
                if name in self._seal(number):
                    yield self._table(number, name, columns)
            except InputError as wrong:
                raise InputError(f"{self.folder}: {wrong}; {self._way_out()}.") from None

    def finished(self, shape: tuple[int, int]) -> NDArray[np.int8]:
        """For each point and replication: 0 not in a sound part, 1 done, 2 failed."""
        state = np.zeros(shape, dtype=np.int8)
        tables = [self._table(number, "ledger", [*KEYS, "status"]) for number in self.sound()]
        for status, value in (("failed", 2), ("done", 1)):  # who was done later is done
            for table in tables:
                rows = table.loc[table["status"] == status]
                state[rows["point"], rows["replication"]] = value
        return state

    def ignored(self) -> list[str]:
        """Files in the folders of the parts that belong to none."""
        sealed_ones = {path for number in self.numbers() for path in self.paths(number)}
        return [f"{path.parent.name}/{path.name}" for path in self._all()
                if path not in sealed_ones and path.suffix != ".tmp"]  # fmt: skip

    def clear(self, empty: pd.DataFrame) -> list[str]:
        """Take away what a killed writer left, put damaged parts aside, and say what was lost.

        A part that was lost is replaced by one with the empty ledger that is given. Files that
        are no part of a store stay where they are.
        """
        for name in FOLDERS:
            (self.folder / name).mkdir(exist_ok=True)
        told = []
        next_one = self.free()
        for number in range(1, next_one):
            fault = self.fault(number)
            if fault:
                self._put_aside(number)
                for name, content in files_of(number, self.of, {"ledger": empty}):
                    write(self.folder / name, content)
                told.append(f"{self.folder}: {fault}; its runs are run again")
        for path in self._all():
            if path.suffix == ".tmp" and path.is_file():
                path.unlink()
        left = [path for path in self.paths(next_one) if path.is_file()]
        for path in left:
            path.unlink()
        if left:
            told.append(f"{self.folder}: part {next_one:06d} has no seal; its runs are run again")
        return told

    def _all(self) -> list[Path]:
        return [path for name in FOLDERS if (self.folder / name).is_dir()
                for path in sorted((self.folder / name).iterdir())]  # fmt: skip

    def _put_aside(self, number: int) -> None:
        home = self.folder / LOST
        home.mkdir(exist_ok=True)
        for path in self.paths(number):
            if os.path.lexists(path):
                name, again = f"{path.parent.name}-{path.name}", 2
                while os.path.lexists(home / name):
                    name, again = f"{path.parent.name}-{again}-{path.name}", again + 1
                path.rename(home / name)

    def _seal(self, number: int) -> dict[str, str]:
        """SHA-256 of each table of a part by its name."""
        name = f"ledger/{number:06d}.json"
        try:
            told = unsealed(self.folder / name)
        except FileNotFoundError:
            raise InputError(f"{name} is missing") from None
        except ValueError as wrong:
            raise InputError(f"{name} {wrong}") from None
        files = told.get("files")
        if told.get("of") != self.of or not isinstance(files, dict):
            raise InputError(f"{name} is of another store")
        if told.get("part") != number:
            raise InputError(f"{name} is a copy of part {told.get('part')}")
        return files

    def _content(self, number: int, name: str) -> bytes:
        file = f"{name}/{number:06d}.parquet"
        expected = self._seal(number).get(name, "")
        try:
            content = (self.folder / file).read_bytes()
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


def files_of(number: int, of: str, tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, bytes]]:
    """Names and contents of the files of a new part, in the order of writing; the seal last."""
    files, sums = [], {}
    for name, table in tables.items():
        content = parquet(table)
        sums[name] = digest_of(content)
        files.append((f"{name}/{number:06d}.parquet", content))
    told = {"format": FORMAT, "of": of, "part": number, "files": sums}
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
