"""The commands that make and mend stores of runs: sweep, merge, rerun."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from tocsin.commands.running import say

if TYPE_CHECKING:
    from tocsin.experiments.running.engine import Engine
    from tocsin.experiments.running.store import Store

EVERY_SECONDS = 30


def add_parser(commands: Any) -> None:
    """Add the commands of this module."""
    one = commands.add_parser("sweep", help="run a study, or go on with it")
    one.add_argument("study", metavar="STUDY", nargs="?",
                     help="name of a shipped study, or a path; without one, list them")  # fmt: skip
    one.add_argument("--out", type=Path, metavar="DIR", help="its store, new or begun before")
    add_engine(one)
    one.add_argument("--shard", metavar="I/N", help="only part I of N, for job arrays")
    one.add_argument("--retry", action="store_true", help="run those that failed before again")
    one.add_argument("--plan", action="store_true", help="only say what there is to do")
    one.add_argument("--json", action="store_true", help="print JSON instead of words")
    one.set_defaults(command=sweep_it)
    one = commands.add_parser("merge", help="bring the stores of shards together")
    one.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    one.set_defaults(command=merge_them)
    one = commands.add_parser("rerun", help="repeat one run of a study, or of a link, exactly")
    one.add_argument("store", metavar="DIR|LINK", help="store of a study, or a link of the room")
    one.add_argument("run", metavar="RUN", nargs="?",
                     help="with DIR: point and replication, as in 17.4")  # fmt: skip
    one.add_argument("--out", type=Path, metavar="DIR",
                     help="new folder for results; with DIR, default DIR/reruns/RUN")  # fmt: skip
    one.set_defaults(command=rerun_one)


def add_engine(one: argparse.ArgumentParser) -> None:
    """Add the options that say where runs are worked off."""
    one.add_argument("--workers", type=int, metavar="N", help="processes, default all processors")
    one.add_argument("--engine", choices=("local", "dask"), default="local",
                     help="processes of this machine, or a Dask cluster")  # fmt: skip
    one.add_argument("--scheduler", metavar="ADDRESS", help="of the cluster, as tcp://node:8786")


def engine_of(args: argparse.Namespace) -> "Engine":
    """The engine that the options ask for."""
    from tocsin.experiments.running.pool import local
    from tocsin.simulation.errors import InputError

    if args.engine == "local":
        if args.scheduler is not None:
            raise InputError("--scheduler: only --engine dask has one.")
        return local(args.workers)
    if args.scheduler is None:
        raise InputError("--engine dask: say where the cluster is with --scheduler tcp://...")
    if args.workers is not None:
        raise InputError("--workers: the cluster has its own; leave the option out.")
    from tocsin.experiments.running.cluster import DaskCluster

    return DaskCluster(args.scheduler)


def sweep_it(args: argparse.Namespace) -> int:
    """Say what there is to do, do it, and say what came of it."""
    from tocsin.experiments.design.study_files import read, shipped
    from tocsin.experiments.running.sweep import plan, sweep
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.messages import _

    if args.study is None:
        for name in shipped():
            study = read(name)
            print(f"{name:22}  {study.title}\n{'':24}{study.question}")
        return 0
    if args.out is None:
        raise InputError("--out: missing; name the folder of the store.")
    study, shard = read(args.study), _shard(args.shard)
    try:
        with engine_of(args) as engine, progress_lines(study.title) as progress:
            told = plan(study, args.out, engine.workers, shard)
            print(f"{study.title}: {told}", file=sys.stderr)
            if told.failure:
                print(_("tocsin: the first run fails ({why}), so time and size are a guess.",
                        why=told.failure.rstrip(".")), file=sys.stderr)  # fmt: skip
            if args.plan:
                return 0
            store = sweep(study, args.out, engine=engine, shard=shard, retry=args.retry,
                          progress=progress)  # fmt: skip
    except KeyboardInterrupt:
        print(f"tocsin: interrupted; what is done is kept in {args.out}, and the same command "
              "goes on from there.", file=sys.stderr)  # fmt: skip
        return 130
    return _say(store, args.json)


def _shard(text: str | None) -> tuple[int, int] | None:
    from tocsin.simulation.errors import InputError

    if text is None:
        return None
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found:
        raise InputError(f"--shard {text}: not of the form i/n, as in 3/8.")
    return int(found[1]), int(found[2])


def _say(store: "Store", as_json: bool) -> int:
    ledger = store.ledger()
    failed = ledger.loc[ledger["status"] == "failed"]
    done = len(ledger) - len(failed)
    if as_json:
        print(json.dumps({"store": str(store.folder), "runs": done, "failed": len(failed),
                          "digest": store.digest()}))  # fmt: skip
    else:
        print(f"{done:,} runs are in {store.folder}, {len(failed):,} failed")
        print(f"data SHA-256 {store.digest()}")
    for reason, group in list(failed.groupby("reason", sort=False))[:3]:
        one = group.to_dict(orient="records")[0]
        print(f"tocsin: {len(group):,} failed as run {one['point']}.{one['replication']} (seed "
              f"{one['seed']}): {reason}", file=sys.stderr)  # fmt: skip
    return 1 if len(failed) else 0


@contextmanager
def progress_lines(what: str) -> Iterator[Callable[[int, int], None]]:
    """Progress on stderr with rate and time left: a bar for people, now and then a line else."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    from tocsin.simulation.recording.quantities import fixed

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[rate]}"), Left())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(" ".join(what.split()), rate="")
        first: list[tuple[float, int]] = []

        def told(done: int, total: int) -> None:
            first[:] = first or [(monotonic(), done)]
            rate = (done - first[0][1]) / max(monotonic() - first[0][0], 1e-9)
            bar.update(task, completed=done, total=total, rate=f"{fixed(rate, 1)} runs/s")

        yield told


class _Lines:
    """A line of progress every half minute."""

    def __init__(self) -> None:
        self.began = self.last = monotonic()
        self.first: int | None = None

    def __call__(self, done: int, total: int) -> None:
        from tocsin.simulation.recording.quantities import duration, fixed

        now = monotonic()
        if self.first is None:
            self.first = done
        if now - self.last < EVERY_SECONDS or done == self.first:
            return
        self.last = now
        rate = (done - self.first) / (now - self.began)
        print(f"{done:,} of {total:,} runs, {fixed(rate, 1)} a second, "
              f"{duration((total - done) / rate)} left", file=sys.stderr, flush=True)  # fmt: skip


def merge_them(args: argparse.Namespace) -> int:
    """Merge stores, and say what is still missing."""
    from tocsin.experiments.running.merging import merge

    store = merge(args.folders, args.out)
    missing = store.what_is_missing()
    if missing:
        print(f"tocsin: {missing}", file=sys.stderr)
    return _say(store, as_json=False)


def rerun_one(args: argparse.Namespace) -> int:
    """Repeat a run; say first if the code is another one."""
    from tocsin.experiments.comparing.output import write_run
    from tocsin.experiments.running.destination import check_folder, whole_folder
    from tocsin.experiments.running.provenance import changed_code
    from tocsin.experiments.running.store import Store
    from tocsin.experiments.running.sweep import rerun
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.messages import _
    from tocsin.simulation.state import FINGERPRINT_FORMAT

    if args.run is None:
        return rerun_link(args.store, args.out)
    store = Store(Path(args.store))
    changed = changed_code(store.manifest)
    if changed:
        print(f"tocsin: {changed}.", file=sys.stderr, flush=True)
    found = re.fullmatch(r"(\d+)\.(\d+)", args.run)
    if not found:
        raise InputError(f"run {args.run!r}: not of the form POINT.REPLICATION, as in 17.4.")
    out = args.out or Path(args.store) / "reruns" / args.run
    replaces = "" if args.out else "run"
    check_folder(out, replaces)
    try:
        again = rerun(store, int(found[1]), int(found[2]))
    except InputError:
        raise
    except Exception as wrong:
        print(f"tocsin: run {args.run} fails: {type(wrong).__name__}: {wrong}", file=sys.stderr)
        return 1
    assert again.run is not None
    if again.different:
        say(f"run {args.run} is not the same: {', '.join(again.different)}")
    elif again.fingerprint_format != FINGERPRINT_FORMAT:
        say(_("run {run}: its end values are the same bit by bit; its fingerprint is not compared, "
              "because the store has format {old} of it and this version makes format {new}.",
              run=args.run, old=again.fingerprint_format, new=FINGERPRINT_FORMAT))  # fmt: skip
    else:
        say(f"run {args.run} is the same bit by bit, fingerprint {again.run.fingerprint}")
    with whole_folder(out, replaces) as folder:
        write_run(again.run, folder)
    print(f"series, events and manifest are in {out}", file=sys.stderr)
    return 1 if again.different else 0


def rerun_link(link: str, out: Path | None) -> int:
    """Print the run card behind a link of the room, run it, and write it if asked."""
    from tocsin.experiments.comparing.output import write_run
    from tocsin.experiments.running.card import card_command, card_file, card_run, parse_card
    from tocsin.experiments.running.destination import check_folder, whole_folder, write_text
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.run import Run

    if "=" not in link:
        raise InputError(f"rerun {link}: a store needs a run too, as in 17.4; a link holds "
                         "scenario=NAME.")  # fmt: skip
    if out is not None:
        check_folder(out)
    card = parse_card(link)
    live = card_run(card)
    live.go_to(card.week or live.total)
    print(card_command(card))
    steered = card_file(card)
    if steered is not None:
        print(f"\n# steered.toml\n{steered}")
    print(f"fingerprint {live.fingerprint}")
    if out is not None:
        scenario = live.scenario.with_length(live.week)
        with whole_folder(out) as folder:
            write_run(Run(scenario, card.seed, live.week, live.model), folder)
            if steered is not None:
                write_text(folder / "steered.toml", steered)
    return 0
