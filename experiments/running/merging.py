"""Merging: stores of shards become one store, as if one process had run everything."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from tocsin.experiments.design.study import differences
from tocsin.experiments.running.destination import whole_folder
from tocsin.experiments.running.parts import FOLDERS, KEYS, files_of, write
from tocsin.experiments.running.provenance import changed_mechanisms
from tocsin.experiments.running.seals import sealed
from tocsin.experiments.running.store import Store, identity
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _


def merge(folders: Sequence[Path], out: Path) -> Store:
    """Bring the runs of several stores of one study together in a new one.

    A run that is in two of them is kept once; one that failed in one and not in another is done.
    What is still missing is run by a sweep of the same study into the merged store.

    Raises
    ------
    InputError
        The stores are not of one study and one code, a run differs between two of them, or the
        new folder is not empty or cannot be written.
    """
    if not folders:
        raise InputError("merge: name the folders of the shards.")
    stores = [Store(folder) for folder in folders]
    first = stores[0]
    for other in stores[1:]:
        worlds = [store.manifest.get("scenario") or {} for store in (first, other)]
        for name in changed_mechanisms(*worlds):
            raise InputError(_(
                "merge: {other} was run with another mechanism {name} than {first}; run both with "
                "one and the same.", other=other.folder, first=first.folder, name=repr(name),
            ))  # fmt: skip
        different = [
            line
            for part in ("study", "code")
            for line in differences(first.manifest[part], other.manifest[part])
        ]
        if different:
            raise InputError(f"merge: {other.folder} is of another study than {first.folder} "
                             f"({'; '.join(different)}).")  # fmt: skip
    done = _agreed(stores)
    with whole_folder(out) as work:
        for name in FOLDERS:
            (work / name).mkdir()
        shutil.copy(first.folder / "points.parquet", work / "points.parquet")
        if (first.folder / "scenario").exists():
            shutil.copytree(first.folder / "scenario", work / "scenario")
        told = first.manifest | {"shard": {"is": "whole"}}
        write(work / "manifest.json", sealed(told))
        seen = _runs(pd.DataFrame(columns=KEYS))
        for number, store in enumerate(stores, 1):
            ledger = store.ledger()
            runs = _runs(ledger)
            overtaken = (ledger["status"] == "failed").to_numpy() & runs.isin(done)
            ledger = ledger.loc[~runs.isin(seen) & ~overtaken]
            new = _runs(ledger)
            tables = {}
            for name, table in (("runs", store.outcomes()), ("series", store.series())):
                table = table.loc[_runs(table).isin(new)]
                if len(table):
                    tables[name] = table
            tables["ledger"] = ledger
            for name, content in files_of(number, identity(told), tables):
                write(work / name, content)
            seen = seen.union(new)
    return Store(out)


def _agreed(stores: Sequence[Store]) -> pd.MultiIndex:
    """All runs that went well somewhere; refused if two stores do not agree on one."""
    tables = [store.outcomes().assign(store=str(store.folder)) for store in stores]
    table = pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)
    distinct = table.drop(columns="store").drop_duplicates()
    twice = np.flatnonzero(distinct.duplicated(subset=KEYS))
    if twice.size:
        point, replication = (int(distinct[key].iat[twice[0]]) for key in KEYS)
        both = (table["point"] == point) & (table["replication"] == replication)
        where = " and ".join(str(name) for name in table.loc[both, "store"])
        raise InputError(f"merge: run {point}.{replication} is not the same in {where}.")
    return _runs(table)


def _runs(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([table[key].astype("int64") for key in KEYS], names=KEYS)
