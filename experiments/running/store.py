"""The store: a folder that keeps what was run, whole at every moment.

::

    manifest.json     the study, the scenario in full, code, packages and seeds
    points.parquet    the points of the design
    scenario/         the base scenario and its map as files that can be loaded again
    runs/             end values, one row a run
    series/           weekly values, if the study keeps them
    ledger/           one row a run: done or failed, why, and how long it took; and the seals
    lost/             parts that were found damaged; their runs were run again

Results come in numbered parts (`tocsin.experiments.running.parts`). Each file is written beside its
place, flushed to the disk and renamed; the seal in `ledger` comes last, and a part counts only when
it is there and fits. So a killed process loses what it had in memory, nothing is there twice, and
nothing that is lost or changed goes unseen.
"""

import hashlib
import io
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.experiments.design.goods import refuse_varied
from tocsin.experiments.design.replicating import lacking
from tocsin.experiments.design.study import Kept, Replications, Study, differences
from tocsin.experiments.running.destination import check_folder, strangers
from tocsin.experiments.running.notices import StoreWarning
from tocsin.experiments.running.parts import FOLDERS, KEYS, LOST, Parts, files_of, parquet, write
from tocsin.experiments.running.provenance import changed_code, changed_mechanisms, manifest, whole
from tocsin.experiments.running.seals import FORMAT, check_format, digest_of, sealed, unsealed
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.text_files import content_of

TOLD = ("title", "question", "author", "reasons")
RECORD = {
    "point": "int64", "replication": "int64", "seed": "int64", "status": "str", "reason": "str",
    "seconds": "float64",
}  # fmt: skip


@dataclass(frozen=True)
class RunRecord:
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
        There is no store in the folder, it has another format, it is damaged, or its points count
        different goods.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.manifest = read_study(self.folder)
        self.points = self._points()
        if self.manifest.get("scenario") is not None:
            refuse_varied(map(str, self.points.columns), f"{self.folder}: ")
        self.parts = Parts(self.folder, identity(self.manifest))
        self._warned = False

    def _points(self) -> pd.DataFrame:
        file = self.folder / "points.parquet"
        try:
            content = content_of(file)
            if digest_of(content) != self.manifest["files"][file.name]:
                raise ValueError("it does not have the SHA-256 that was noted")
            return pd.read_parquet(io.BytesIO(content)).rename_axis("point")
        except (OSError, ValueError) as wrong:
            raise InputError(
                f"{self.folder}: points.parquet is missing or damaged ({wrong}); `tocsin sweep "
                f"STUDY --out {self.folder}` writes it anew."
            ) from None

    @classmethod
    def prepare(cls, folder: Path, study: Study, shard: tuple[int, int] | None = None) -> "Store":
        """Open the store of a study, or begin it; points or a scenario that are damaged are mended.

        Raises
        ------
        InputError
            The folder holds something else, or was begun with another study, shard or code; the
            sentence shows the difference.
        """
        old = check(folder, study, shard)
        files = {"points.parquet": parquet(study.points(), index=True)}
        if study.base is not None:
            files |= {f"scenario/{name}": text.encode() for name, text in whole(study.base).items()}
        sums = {name: digest_of(content) for name, content in files.items()}
        told = sealed({**manifest(study, shard), "format": FORMAT, "files": sums})
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in (*FOLDERS, "scenario"):
                (folder / name).mkdir(exist_ok=True)
            mended = _damaged(folder, old["files"]) if old else []
            if not old or mended:
                for name, content in files.items():
                    if (folder / name).is_dir():
                        (folder / name).rename(folder / f"{name}.was-a-folder")
                    write(folder / name, content)
                write(folder / "manifest.json", told)
        except OSError as wrong:
            raise InputError(
                f"--out {folder}: cannot be written ({wrong.strerror or wrong})."
            ) from None
        if mended:
            warnings.warn(f"{folder}: {', '.join(mended)} was damaged and is written anew.",
                          StoreWarning, stacklevel=2)  # fmt: skip
        return cls(folder)

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
            try:
                told = self.parts.clear(_tables([])["ledger"])
            except OSError as wrong:
                raise InputError(f"--out {self.folder}: damaged parts cannot be put aside "
                                 f"({wrong.strerror or wrong}).") from None  # fmt: skip
            for sentence in told:
                warnings.warn(f"{sentence}.", StoreWarning, stacklevel=3)
            self._name_ignored()
            yield

    def append(self, records: Sequence[RunRecord]) -> None:
        """Keep finished runs, all or none of them.

        Raises
        ------
        InputError
            The disk is full or cannot be written; the store is as it was before.
        """
        files = files_of(self.parts.free(), self.parts.of, _tables(records))
        try:
            for name, content in files:
                write(self.folder / name, content)
        except OSError as wrong:
            for name, _ in reversed(files):
                (self.folder / name).unlink(missing_ok=True)
            raise InputError(
                f"--out {self.folder}: writing failed ({wrong.strerror or wrong}); what was kept "
                "before is whole, and the same command goes on from there."
            ) from None

    def _table(self, name: str) -> pd.DataFrame:
        """All parts of a table.

        Raises
        ------
        InputError
            A part is missing or damaged; the sentence names the file and the way out.
        """
        tables = [table for table in self.parts.tables(name) if len(table)]
        self._name_ignored()
        table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=KEYS)
        if name == "runs":
            return table.drop_duplicates(KEYS)
        return table

    def _name_ignored(self) -> None:
        strange = [] if self._warned else self.parts.ignored()
        self._warned = True
        if strange:
            more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
            warnings.warn(f"{self.folder}: {', '.join(strange[:3])}{more} belong to no part of "
                          "the store and are ignored.", StoreWarning, stacklevel=4)  # fmt: skip

    def ledger(self) -> pd.DataFrame:
        """One row a run that was finished, the last attempt if there were several."""
        table = self._table("ledger")
        if table.empty:
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in RECORD.items()})
        failed_first = table.sort_values("status", ascending=False, kind="stable")
        return _ordered(failed_first.drop_duplicates(KEYS, keep="last"))

    def missing(self) -> pd.Series:
        """How many runs each point lacks, indexed by point; only points that lack some.

        With a stopping rule, runs up to the next look at the mean. A shard lacks none: which
        runs are its own, its sweep knows.
        """
        rule = Replications(**self.manifest["study"]["replications"])
        lack = np.zeros(self.manifest["points"], dtype=np.int64)
        if self.manifest["shard"]["is"] == "whole":
            ledger = self.ledger()
            state = np.zeros((len(lack), rule.at_most), dtype=np.int8)
            inside = ledger.loc[
                (ledger["point"] < len(lack)) & (ledger["replication"] < rule.at_most)
            ]
            state[inside["point"], inside["replication"]] = 1
            lack = lacking(rule, self.outcomes, state)
        short = pd.Series(lack, index=pd.RangeIndex(len(lack), name="point"))
        return short.loc[short > 0]

    def what_is_missing(self) -> str:
        """Which points lack runs and how to get them, in a sentence; empty if none does."""
        short = self.missing()
        if short.empty:
            return ""
        shown = ", ".join(str(point) for point in short.index[:5])
        more = f" and {len(short) - 5:,} more" if len(short) > 5 else ""
        total = int(short.sum())
        return (
            f"{total:,} run{'s' if total > 1 else ''} of the study {'are' if total > 1 else 'is'} "
            f"missing, at point{'s' if len(short) > 1 else ''} {shown}{more} of "
            f"{self.manifest['points']:,}; `tocsin sweep STUDY --out {self.folder}` does what is "
            "missing."
        )

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
        """For each point and replication: 0 not yet run or lost, 1 done, 2 failed."""
        return self.parts.finished(shape)


def check(folder: Path, study: Study, shard: tuple[int, int] | None = None) -> dict[str, Any]:
    """The manifest of the store that a study would go on with; empty if it would be begun.

    Raises
    ------
    InputError
        The folder holds something else or cannot be written, or was begun with another study,
        shard or code.
    """
    said = f"--out {folder}"
    if (folder / "manifest.json").exists():
        old = read_study(folder)
        _same_study(said, old, manifest(study, shard))
        return old
    held = [name for name in strangers(folder) if not name.endswith(".tmp")]
    begun = ("points.parquet", "scenario", "lock", *FOLDERS)
    if LOST in held or any(list((folder / name).glob("*.parquet")) for name in FOLDERS
                           if (folder / name).is_dir()):  # fmt: skip
        raise InputError(f"{said}: it holds runs, but the manifest.json that says of which study "
                         "they are is missing; bring it back, or name a new folder.")  # fmt: skip
    foreign = [name for name in held if name not in begun]
    if foreign:
        raise InputError(f"{said}: it is not empty and no store; name a new folder (it holds "
                         f"{foreign[0]}).")  # fmt: skip
    if not held:
        check_folder(folder)
    return {}


def read_study(folder: Path) -> dict[str, Any]:
    """The manifest of a store.

    Raises
    ------
    InputError
        There is none, it is damaged, or of another format.
    """
    file = folder / "manifest.json"
    try:
        told = unsealed(file)
    except FileNotFoundError:
        raise InputError(f"{folder}: no study is kept there (no manifest.json).") from None
    except ValueError as wrong:
        raise InputError(f"{folder}: manifest.json {wrong}; bring it back from a copy, or run the "
                         "study into a new folder.") from None  # fmt: skip
    if told.get("kind") != "study":
        raise InputError(f"{folder}: no study is kept there.")
    check_format(folder, told, "run the study into a new folder")
    return told


def identity(told: Mapping[str, Any]) -> str:
    """What tells a store from others: the same for one study, shard and code."""
    study = {key: value for key, value in told["study"].items() if key not in TOLD}
    return digest_of(sealed({"study": study, "shard": told["shard"], "code": told["code"]}))[:32]


def _same_study(said: str, old: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    new = json.loads(json.dumps(told))
    worlds = [one.get("scenario") or {} for one in (old, new)]
    for name in changed_mechanisms(*worlds):
        raise InputError(_(
            "{where}: mechanism {name} has changed since it was begun, and old and new runs would "
            "not fit together; install it as it was, or name a new folder.", where=said,
            name=repr(name),
        ))  # fmt: skip
    different = []
    for name in ("study", "shard"):
        before, now = ({k: v for k, v in part[name].items() if k not in TOLD}
                       for part in (old, new))  # fmt: skip
        different += differences(before, now)
    if any(line.startswith("task.digest ") for line in different):
        before, now = ({part: world.get(part) for part in ("parameters", "schedule")}
                       for world in worlds)  # fmt: skip
        said_in_full = differences(before, now)
        different = [line for line in different
                     if not (said_in_full and line.startswith("task.digest "))]  # fmt: skip
        different += said_in_full
    if different:
        raise InputError(f"{said}: it was begun with another study ({'; '.join(different)}); name "
                         "a new folder.")  # fmt: skip
    if old["code"] != new["code"]:
        raise InputError(f"{said}: {changed_code(dict(old))}, and old and new runs would not fit "
                         "together; name a new folder.")  # fmt: skip


def _damaged(folder: Path, noted: Mapping[str, str]) -> list[str]:
    """Which files beside the parts are not what the manifest says they are."""
    different = []
    for name, expected in noted.items():
        try:
            same = digest_of(content_of(folder / name)) == expected
        except OSError:
            same = False
        if not same:
            different.append(name)
    return different


def _tables(records: Sequence[RunRecord]) -> dict[str, pd.DataFrame]:
    """The tables of a part by folder, the ledger last."""
    done = [record for record in records if record.kept is not None]
    tables: dict[str, pd.DataFrame] = {}
    rows = [{"point": r.point, "replication": r.replication, "seed": r.seed}
            | {name: _plain(value) for name, value in r.kept.values.items()}
            for r in done if r.kept is not None]  # fmt: skip
    if rows:
        tables["runs"] = pd.DataFrame({
            name: _one_type(column) for name, column in pd.DataFrame(rows).items()
        })  # fmt: skip
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


def _one_type(column: pd.Series) -> pd.Series:
    """The column as a file can hold it: numbers beside texts are written as texts."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    return column.map(lambda value: value if pd.isna(value) else str(value))


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
    return "\0".join("nan" if pd.isna(value) else str(value) for value in column).encode()


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
