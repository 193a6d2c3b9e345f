"""Renew the pictures and quoted tables of README and docs, and know which of them are stale.

Run from anywhere::

    python tools/pictures.py [meridian] [long_runs] [room] [class] [ladders]
    python tools/pictures.py --check

Each picture or table that was made is entered in ``docs/pictures/made.toml`` with a digest of what
it rests on: the numbers of the model (``tests/baselines/baselines.json``), the code that draws it,
the scenarios that it shows, and the thing itself. If any of these is another one today, it is
stale. Nothing is run to find that out.
"""

import argparse
import hashlib
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = "docs/pictures"
RECORD = f"{PICTURES}/made.toml"
GUIDE = "docs/guide.md"
BASELINES = "tests/baselines/baselines.json"
FIGURES = (
    "experiments/telling/figures.py", "experiments/telling/lettering.py",
    "experiments/telling/drawing.py", "experiments/comparing/relative.py",
    "experiments/comparing/statistics.py", "simulation/recording/quantities.py",
)  # fmt: skip
ROOM = (
    "dashboard/*.py", "dashboard/pages/*.py", "dashboard/parts/*.py", "dashboard/serving/*.py",
    "dashboard/web/*", "experiments/telling/levers.py", "experiments/telling/parting.py",
    "experiments/telling/sentences.py", "benchmarks/dashboard_pictures.py",
    "scenarios/meridian/*",
)  # fmt: skip
CLASS = (
    *ROOM[:-1], "classroom/*.py", "dashboard/classroom/*.py", "dashboard/classroom/web/*",
    "scenarios/lessons/one_road.toml",
)  # fmt: skip
BEGIN, END = "<!-- made by tools/pictures.py -->", "<!-- end -->"


@dataclass(frozen=True)
class Made:
    """Something that was made for the docs.

    Attributes
    ----------
    file
        The picture, or the page in which the table stands between `BEGIN` and `END`.
    maker
        Word of the command that makes it.
    rests_on
        Patterns of files in the repository; the baselines are always among them.
    """

    file: str
    maker: str
    rests_on: tuple[str, ...]


def everything() -> list[Made]:
    """All pictures and quoted tables of README and docs."""
    found = [
        Made(f"{PICTURES}/meridian_{name}.png", "meridian",
             (*FIGURES, "tocsin/commands/demo.py", "scenarios/meridian/*"))
        for name in ("effects", "flow")
    ]  # fmt: skip
    found += [Made(f"{PICTURES}/twenty_years{end}.png", "long_runs",
                   ("experiments/methods/facts/long_runs.py", "scenarios/meridian/*"))
              for end in ("", "_echo")]  # fmt: skip
    found += [Made(f"{PICTURES}/room_{page}_{width}.png", "room", ROOM)
              for page in ("explore", "compare", "results", "first_steps")
              for width in (1440, 1024)]  # fmt: skip
    found += [Made(f"{PICTURES}/classroom_{page}.png", "class", CLASS)
              for page in ("join", "team", "trainer", "screen", "result", "debrief")]  # fmt: skip
    return [*found, Made(GUIDE, "ladders", ("tools/pictures.py", "scenarios/meridian/baseline.toml",
                                            "scenarios/meridian/meridian.map"))]  # fmt: skip


def digest(made: Made, root: Path = ROOT) -> str:
    """What a thing rests on, and the thing itself, as one number."""
    whole = hashlib.sha256()
    paths = {path for pattern in (BASELINES, *made.rests_on) for path in root.glob(pattern)}
    for path in sorted(path for path in paths if path.is_file()):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0")
        whole.update(path.read_bytes() + b"\0")
    file = root / made.file
    whole.update(_quoted(file) if file.suffix == ".md" else file.read_bytes())
    return whole.hexdigest()


def _quoted(page: Path) -> bytes:
    text = page.read_text(encoding="utf-8")
    return text[text.index(BEGIN) : text.index(END)].encode()


def recorded(root: Path = ROOT) -> dict[str, str]:
    """File -> digest when it was made."""
    file = root / RECORD
    if not file.exists():
        return {}
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: str(entry["digest"]) for name, entry in told.items()}


def stale(root: Path = ROOT, of: Sequence[Made] = ()) -> list[str]:
    """A sentence for each thing that is missing, not on record or made from what is no more."""
    known, found = recorded(root), []
    for made in of or everything():
        again = f"`python tools/pictures.py {made.maker}` makes it again."
        if not (root / made.file).exists():
            found.append(f"{made.file}: it is missing; {again}")
        elif made.file not in known:
            found.append(f"{made.file}: it is not on record in {RECORD}; {again}")
        elif known[made.file] != digest(made, root):
            found.append(f"{made.file}: the model, its maker or what it shows has changed since "
                         f"it was made; {again}")  # fmt: skip
    return found


def record(made: Iterable[Made], root: Path = ROOT) -> None:
    """Enter things as made today; entries of others stay, those of no thing go."""
    known = recorded(root) | {one.file: digest(one, root) for one in made}
    lines = ["# What each picture and table rests on; `make pictures` renews it.", ""]
    for one in everything():
        if one.file in known:
            lines += [f'["{one.file}"]', f'maker = "{one.maker}"', f'digest = "{known[one.file]}"',
                      ""]  # fmt: skip
    (root / RECORD).write_text("\n".join(lines), encoding="utf-8")


def _meridian() -> None:
    """The comparison of the demo on Meridian, as README shows it."""
    from tocsin.experiments.comparing.comparison import compare
    from tocsin.experiments.telling.figures import effects, flow_map, save

    from tocsin.commands.demo import MERIDIAN

    comparison = compare(MERIDIAN, 30)
    save(effects(comparison), ROOT / PICTURES / "meridian_effects.png")
    save(flow_map(comparison, MERIDIAN[0]), ROOT / PICTURES / "meridian_flow.png")


def _pages(which: str) -> Callable[[], None]:
    def make() -> None:
        subprocess.run([sys.executable, "benchmarks/dashboard_pictures.py", which], cwd=ROOT,
                       check=True)  # fmt: skip

    return make


def _long_runs() -> None:
    subprocess.run(
        [sys.executable, "-m", "tocsin.experiments.methods.facts", "no_drift"], cwd=ROOT, check=True
    )


LADDERS = (
    ("sharing 0, .5, 1 (delay 12)",
     [{"cooperation.sharing": one} for one in (0.0, 0.5, 1.0)]),
    ("delay 52, 12, 0 weeks (sharing 1)",
     [{"cooperation.sharing": 1.0, "intelligence.delay_weeks": one} for one in (52, 12, 0)]),
    ("funding 0, 10, 60 million USD a year",
     [{"capacity.funding_musd_per_year": one} for one in (0.0, 10.0, 60.0)]),
)  # fmt: skip
SEEDS = 50
SHOWN = ("delivered", "interception_rate", "networks_dismantled")


def _ends(job: tuple[dict[str, float], int]) -> list[float]:
    from tocsin.simulation.run import run
    from tocsin.simulation.scenario.files import load

    finished = run(load("baseline").with_(job[0]), seed=job[1], events=False)
    return [float(finished.indicators[name] or 0) for name in SHOWN]


def ladders() -> str:
    """The table of the guide: means over seeds for the three levers, each alone."""
    import numpy as np
    from tocsin.experiments.running.stream import run_all

    lines = ["| lever, alone | delivered, t | interception | dismantled |", "|---|---|---|---|"]
    for name, levels in LADDERS:
        jobs = [(level, seed) for level in levels for seed in range(SEEDS)]
        ends = np.array(run_all(_ends, jobs)).reshape(len(levels), SEEDS, len(SHOWN)).mean(axis=1)
        flow, rate, ended = ends.T
        lines.append(f"| {name} | {', '.join(f'{one / 1e6:.0f}' for one in flow)} "
                     f"| {', '.join(f'{100 * one:.1f}' for one in rate)} % "
                     f"| {', '.join(f'{one:.1f}' for one in ended)} |")  # fmt: skip
    return "\n".join(lines)


def _ladders() -> None:
    page = ROOT / GUIDE
    text = page.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    page.write_text(f"{head}{BEGIN}\n\n{ladders()}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


MAKERS: dict[str, Callable[[], None]] = {
    "meridian": _meridian, "long_runs": _long_runs, "room": _pages("room"),
    "class": _pages("class"), "ladders": _ladders,
}  # fmt: skip


def main() -> int:
    """Renew what is named, everything by default; or say what is stale."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("makers", nargs="*", metavar="WHAT", help=f"of {', '.join(MAKERS)}")
    options.add_argument("--check", action="store_true", help="only say what is stale")
    args = options.parse_args()
    unknown = [one for one in args.makers if one not in MAKERS]
    if unknown:
        options.error(f"{unknown[0]}: allowed is any of {', '.join(MAKERS)}.")
    if args.check:
        found = stale()
        print("\n".join(found) or "no picture or quoted table is stale")
        return 1 if found else 0
    for maker in args.makers or MAKERS:
        MAKERS[maker]()
        record(one for one in everything() if one.maker == maker)
    return 0


if __name__ == "__main__":
    sys.exit(main())
