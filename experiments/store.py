"""The store: a folder that keeps what was run, whole at every moment.

::

    manifest.json     the study, the scenario in full, code, packages and seeds
    points.parquet    the points of the design
    scenario/         the base scenario and its map as files that can be loaded again
    runs/             end values, one row a run
    series/           weekly values, if the study keeps them
    ledger/           one row a run: done or failed, why, and how long it took

Results come in numbered parts. Each file is written beside its place, flushed to the disk and
renamed; the part in `ledger` comes last, and a part counts only when it is there. So a killed
process loses what it had in memory, and nothing is there twice.
"""

import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.provenance import changed_code, manifest, whole
from experiments.study import Kept, Study, differences
from simulation.errors import InputError

KEYS = ["point", "replication"]
FOLDERS = ("runs", "series", "ledger")
TOLD = ("title", "question", "author", "reasons")
RECORD = {
    "point": "int64", "replication": "int64", "seed": "int64", "status": "str", "reason": "str",
    "seconds": "float64",
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One finished run; `kept` is None and `reason` says why if it failed."""

    point: int
    replication: int
    seed: int
    kept: Kept | None
    reason: str
    seconds: float


class Store:
    """A folder of results; `Store(folder)` opens one that is there.

    Attributes
    ----------
    folder
        Where it is.
    manifest
        What it says about itself.
    points
        The design, indexed by point.

    Raises
    ------
    InputError
        There is no store in the folder, or it cannot be read.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        try:
            self.manifest: dict[str, Any] = json.loads(
                (self.folder / "manifest.json").read_text(encoding="utf-8")
            )
            self.points = pd.read_parquet(self.folder / "points.parquet").rename_axis("point")
        except FileNotFoundError:
            raise InputError(f"{folder}: no study is kept there.") from None
        except (OSError, ValueError) as wrong:
            raise InputError(f"{folder}: the store cannot be read ({wrong}).") from None
        if self.manifest.get("kind") != "study":
            raise InputError(f"{folder}: no study is kept there.")

    @classmethod
    def prepare(cls, folder: Path, study: Study, shard: tuple[int, int] | None = None) -> "Store":
        """Open the store of a study, or begin it.

        Raises
        ------
        InputError
            The folder holds something else, or was begun with another study, shard or code; the
            sentence shows the difference.
        """
        told = manifest(study, shard)
        if (folder / "manifest.json").exists():
            store = cls(folder)
            store._check(told)
            return store
        begun = {"points.parquet", "scenario", "lock", *FOLDERS}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            strangers = sorted(path.name for path in folder.iterdir() if path.name not in begun)
            if [name for name in strangers if not name.endswith(".tmp")]:
                raise InputError(f"--out {folder}: it is not empty and no store; name a new folder "
                                 f"(it holds {strangers[0]}).")  # fmt: skip
            for name in FOLDERS:
                (folder / name).mkdir(exist_ok=True)
            if study.base is not None:
                (folder / "scenario").mkdir(exist_ok=True)
                for name, text in whole(study.base).items():
                    _write(folder / "scenario" / name, text.encode())
            _write(folder / "points.parquet", _parquet(study.points(), index=True))
            text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
            _write(folder / "manifest.json", text.encode())
        except OSError as wrong:
            raise InputError(
                f"--out {folder}: cannot be written ({wrong.strerror or wrong})."
            ) from None
        return cls(folder)

    def _check(self, told: dict[str, Any]) -> None:
        old, new = self.manifest, json.loads(json.dumps(told))
        different = []
        for name in ("study", "shard"):
            before, now = ({k: v for k, v in part[name].items() if k not in TOLD}
                           for part in (old, new))  # fmt: skip
            different += differences(before, now)
        if different:
            raise InputError(f"--out {self.folder}: it was begun with another study "
                             f"({'; '.join(different)}); name a new folder.")  # fmt: skip
        if old["code"] != new["code"]:
            raise InputError(f"--out {self.folder}: {changed_code(old)}, and old and new runs "
                             "would not fit together; name a new folder.")  # fmt: skip

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store for one writer, and take away what a killed one left half done.

        Raises
        ------
        InputError
            Another process writes to the store, or nobody can.
        """
        try:
            lock = (self.folder / "lock").open("a")
        except OSError as wrong:
            raise InputError(
                f"--out {self.folder}: cannot be written ({wrong.strerror}); its data are whole."
            ) from None
        with lock:
            if not _locked(lock.fileno()):
                raise InputError(f"--out {self.folder}: another process writes to it now.")
            whole = {path.name for path in self._parts()}
            for name in FOLDERS:
                for path in (self.folder / name).iterdir():
                    if path.name not in whole:
                        path.unlink()
            yield

    def append(self, records: Sequence[Record]) -> None:
        """Keep finished runs, all or none of them.

        Raises
        ------
        InputError
            The disk is full or cannot be written; the store is as it was before.
        """
        number = max((int(path.stem) for path in self._parts()), default=0) + 1
        files = [(self.folder / name / f"{number:06d}.parquet", _parquet(table))
                 for name, table in _tables(records).items()]  # fmt: skip
        try:
            for path, content in files:
                _write(path, content)
        except OSError as wrong:
            for path, _ in reversed(files):
                path.unlink(missing_ok=True)
            raise InputError(
                f"--out {self.folder}: writing failed ({wrong.strerror or wrong}); what was kept "
                "before is whole, and the same command goes on from there."
            ) from None

    def _parts(self) -> list[Path]:
        return sorted((self.folder / "ledger").glob("*.parquet"))

    def _table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        paths = [self.folder / name / part.name for part in self._parts()]
        try:
            tables = [pd.read_parquet(path, columns=columns) for path in paths if path.exists()]
        except (OSError, ValueError) as wrong:
            raise InputError(f"{self.folder}: a part is damaged ({wrong}).") from None
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=KEYS)

    def ledger(self) -> pd.DataFrame:
        """One row a run that was finished, the last attempt if there were several."""
        table = self._table("ledger")
        if table.empty:
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in RECORD.items()})
        return _ordered(table.drop_duplicates(KEYS, keep="last"))

    def outcomes(self) -> pd.DataFrame:
        """End values of every run that went well: point, replication, seed, then the values."""
        return _ordered(self._table("runs"))

    def runs(self) -> pd.DataFrame:
        """The outcomes with the values of their points."""
        return self.points.reset_index().merge(self.outcomes(), on="point")

    def series(self) -> pd.DataFrame:
        """Weekly values of every run, if the study keeps any."""
        return _ordered(self._table("series"))

    def digest(self) -> str:
        """SHA-256 of all data, sorted; equal for equal data, whoever made them in which order."""
        digest = hashlib.sha256()
        for name, table in (("runs", self.outcomes()), ("series", self.series())):
            digest.update(name.encode())
            for column, values in sorted(table.items(), key=lambda pair: str(pair[0])):
                digest.update(f"\0{column}\0".encode())
                digest.update(_bytes(values))
        return digest.hexdigest()

    def finished(self, shape: tuple[int, int]) -> NDArray[np.int8]:
        """For each point and replication: 0 not yet run, 1 done, 2 failed."""
        state = np.zeros(shape, dtype=np.int8)
        table = self._table("ledger", [*KEYS, "status"])
        if not table.empty:
            value = np.where(table["status"] == "done", 1, 2)
            state[table["point"], table["replication"]] = value
        return state


def _tables(records: Sequence[Record]) -> dict[str, pd.DataFrame]:
    """The tables of a part by folder, the ledger last."""
    done = [record for record in records if record.kept is not None]
    tables: dict[str, pd.DataFrame] = {}
    rows = [{"point": r.point, "replication": r.replication, "seed": r.seed}
            | {name: _plain(value) for name, value in r.kept.values.items()}
            for r in done if r.kept is not None]  # fmt: skip
    if rows:
        tables["runs"] = pd.DataFrame(rows)
    series = [r.kept.series.assign(point=r.point, replication=r.replication)
              for r in done if r.kept is not None and r.kept.series is not None]  # fmt: skip
    if series:
        tables["series"] = pd.concat(series, ignore_index=True)
    ledger = [(r.point, r.replication, r.seed, "failed" if r.kept is None else "done", r.reason,
               r.seconds) for r in records]  # fmt: skip
    tables["ledger"] = pd.DataFrame(ledger, columns=list(RECORD)).astype(RECORD)
    return tables


def _plain(value: Any) -> float | str:
    """Numbers as floats, so that a column has one type in every part; None is undefined."""
    if value is None:
        return float("nan")
    return value if isinstance(value, str) else float(value)


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    first = [name for name in (*KEYS, "seed", "week") if name in table]
    order = [name for name in (*KEYS, "week") if name in table]
    others = [name for name in table.columns if name not in first]
    return table.reindex(columns=[*first, *others]).sort_values(
        order, kind="stable", ignore_index=True
    )


def _bytes(column: pd.Series) -> bytes:
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype="<f8", copy=True)
        values[np.isnan(values)] = np.nan
        return values.tobytes()
    return "\0".join(column.astype(str)).encode()


def _parquet(table: pd.DataFrame, index: bool = False) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=index)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
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


def _locked(descriptor: int) -> bool:
    """Take the lock that goes with the process, however that ends; False if it is taken."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        lock: Any = msvcrt
        try:
            lock.locking(descriptor, lock.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
