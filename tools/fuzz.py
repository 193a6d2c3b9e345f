"""Fuzz the readers: shipped files, damaged by chance, must be read or refused in one sentence.

    python tools/fuzz.py --count 100000          # the full measure
    python tools/fuzz.py --seconds 120 --seed 7  # as long as continuous integration may take
    python tools/fuzz.py --only map-41           # one case again, as a failure names it

Case number n of a seed is the same on every machine with the same shipped files: its generator is
seeded with kind, seed and n. A reader fails if it raises anything but `InputError`, if it takes
longer than `PATIENCE`, or if its sentence has several lines or more than `LONGEST` characters. What
fails is made as small as it goes and kept in tests/fuzz/corpus, where a test reads it for ever.
"""

import argparse
import hashlib
import os
import random
import re
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

from tocsin.classroom.reading import load_lesson, shipped_lessons
from tocsin.dashboard.pages.upload import MOST_BYTES, read_upload
from tocsin.experiments.design import study_files
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.map_files import read_map
from tocsin.simulation.scenario import files as scenario

CORPUS = Path(__file__).parents[1] / "tests" / "fuzz" / "corpus"
PATIENCE = 5  # seconds
LONGEST = 6000  # characters of a sentence; some list all keys of a group
ENDINGS = {"scenario": "toml", "map": "map", "study": "toml", "lesson": "toml", "list": "csv"}
STUDY = """schema = 1
title = "List"
question = "q"
author = "a"
base = "baseline"
weeks = 20
indicators = ["delivered"]
[design]
kind = "list"
file = "case.csv"
"""
LISTS = (
    "cooperation.sharing,intelligence.delay_weeks\n.5,2.0\n1,12\n",
    "cooperation.sharing;capacity.allocation\n0,5;need\n1;equal\n",
    "countries.ARV.officers,networks.N01.dormant\n100,true\n200,FALSE\n",
    'pairs.TAL-VES.trust\tcooperation.mandates\n0.5\t["share"]\n,\n',
)
NUMBERS = (
    "0", "-0", "1", "-1", "2", "0.5", "1e-300", "-1e-300", "1e300", "5e-324", "1e400", "inf",
    "-inf", "nan", "127", "128", "32767", "32768", "65536", "2147483647", "2147483648",
    "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551616", "9" * 400, "9" * 4300, "9" * 5000,
    "0x" + "f" * 5000, "0b1", "1_000", "01", "1.", ".5", "2.0", "0,5", "1e5", "100000", "1000000",
    "260", "520", "5200", "5201", "0.0001", "0.9999999", "1.0000001",
)  # fmt: skip
VALUES = (
    *NUMBERS, "true", "false", '""', '" "', '"x"', '"baseline"', '"baseline.toml"',
    '"meridian.map"', '"../x"', '"/dev/zero"', '"."', '"/"', f'"{"n" * 300}"', f'"{"n" * 70000}"',
    '"a\\u0000b"', '"\\uD800"', '"*"', '"N01"', '"ARV"', '"ARV-SEV"', '"share:0.5"',
    '"busiest:999999"', '"share:1e9"', "[]", "[[]]", "{}", "[1, \"a\"]", '["x", "x"]', "[{}]",
    "{ a = 1 }", "{ value = 1 }", '{ value = 1, reason = "r" }', '{ value = {}, reason = [] }',
    "07:32:00", "1979-05-27", "1979-05-27T07:32:00Z", "[" * 1500 + "]" * 1500, "[" * 20000,
    '"Быстрее"', '"{x}"', '"[b]x[/b]"', '"$x$"', "'''\n\n'''", '"""\nAA\nBB\n"""',
)  # fmt: skip
BYTES = (
    b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n", b"\t", b'"', b"'", b'"""',
    b"'''", b"[", b"]", b"[[", b"{", b"}", b"=", b".", b",", b";", b"#", b"\\", b"\x1b[31m",
    b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f\x92\xa9", "\u2028".encode(), "\u202e".encode(), b"9" * 40,
    b"~", b"A", b"1", b" ", b"x" * 1000,
)  # fmt: skip
ATOM = re.compile(
    r'"""[^"]*"""|\'\'\'[^\']*\'\'\'|"[^"\n]*"|[-+]?[0-9][0-9_.eE+-]*|\btrue\b|\bfalse\b'
)
KEY = re.compile(r'^[ \t]*("[^"\n]*"|[A-Za-z0-9_.*-]+)(?=[ \t]*=)|(?<=[{,] )[a-z_]+(?= =)', re.M)
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Slow(BaseException):
    """A reader took longer than it may; no reader can take this for one of its own faults."""


@dataclass(frozen=True)
class Failure:
    """What a reader did that it may not; `where` groups failures of one cause."""

    kind: str
    data: bytes
    where: str
    said: str


def seeds() -> dict[str, list[bytes]]:
    """The files that are damaged, by kind."""
    files = {
        "scenario": scenario.shipped(),
        "map": scenario.shipped_maps(),
        "study": study_files.shipped(),
        "lesson": shipped_lessons(),
    }
    read = {kind: [file.read_bytes() for file in found.values()] for kind, found in files.items()}
    return read | {"list": [text.encode() for text in LISTS]}


def remember() -> None:
    """Read each shipped file once, so that there is time for those that are damaged."""
    scenario.shipped = known = cache(scenario.shipped)
    scenario.shipped_maps = cache(scenario.shipped_maps)
    study_files.shipped = cache(study_files.shipped)
    build, read = scenario._build, cache(scenario.read_map)
    whole = {str(file) for file in known().values()}
    made: dict[str, scenario.Scenario] = {}

    def built(source: Any, children: tuple[str, ...]) -> scenario.Scenario:
        place = str(source)
        if place not in whole:
            return build(source, children)
        if place not in made:
            made[place] = build(source, ())
        return made[place]

    scenario._build = built
    drawn = {str(file) for file in scenario.shipped_maps().values()}
    scenario.read_map = lambda path: (read if str(path) in drawn else read_map)(path)
    measure, measured = study_files.run, dict[str, Any]()

    def run(base: scenario.Scenario, **how: Any) -> Any:
        if base.digest not in measured:
            measured[base.digest] = measure(base, **how)
        return measured[base.digest]

    study_files.run = run


def lay_out(grid: Any, sector_km: float) -> None:
    """Make of a map what every run makes of it before its first week."""
    grid.sectors(sector_km)
    grid.neighbours()
    assert grid.digest


def read_scenario(file: Path) -> None:
    """Check a scenario, lay out its map, and take it as an upload too."""
    data = file.read_bytes()
    made = scenario.load(file)
    lay_out(made.grid, made.parameters.world.sector_km)
    assert made.digest
    made.to_toml()
    if len(data) <= MOST_BYTES and data[-1:] != b"\n":
        read_upload(file.name, data)


def read_list(file: Path) -> None:
    """Check a list by the study that names it."""
    (file.parent / "study.toml").write_text(STUDY, encoding="utf-8")
    study_files.read(file.parent / "study.toml")


READERS: dict[str, Callable[[Path], Any]] = {
    "scenario": read_scenario,
    "map": lambda file: lay_out(read_map(file), 100.0),
    "study": study_files.read,
    "lesson": load_lesson,
    "list": read_list,
}


def mutated(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """The content of a file after one to four damages."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        if rng.random() < 0.7:
            text = data.decode("utf-8", errors="surrogateescape")
            text = rng.choice(STRUCTURED)(rng, text, others)
            data = text.encode("utf-8", errors="surrogatepass" if "\ud800" in text else
                               "surrogateescape")  # fmt: skip
        else:
            data = _bytes(rng, data)
    return data


def _bytes(rng: random.Random, data: bytes) -> bytes:
    """One damage that knows nothing of the format."""
    at = rng.randrange(len(data) + 1)
    size = rng.choice((1, 1, 2, 5, 20, 200))
    way = rng.randrange(9)
    if way == 0 and data:
        at = min(at, len(data) - 1)
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    if way == 1:
        return data[:at] + data[at + size :]
    if way == 2:
        return data[:at] + data[at : at + size] * rng.choice((2, 3, 50)) + data[at + size :]
    if way == 3:
        return data[:at]
    if way == 4:
        return data[:at] + rng.randbytes(size) + data[at:]
    if way == 5:
        return data.decode("utf-8", errors="replace").encode(
            rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7"))
        )
    if way == 6:
        return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"")))
    return data[:at] + rng.choice(BYTES) + data[at + rng.choice((0, 0, 1)) :]


def _put(rng: random.Random, text: str, form: re.Pattern[str], new: Callable[[str], str]) -> str:
    """Put something new for one match of a form, or for a few."""
    found = [*form.finditer(text)]
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 1, 1, 3)))),
                        key=lambda match: -match.start()):  # fmt: skip
        text = text[: match.start()] + new(match.group()) + text[match.end() :]
    return text


def _value(rng: random.Random, text: str, others: list[bytes]) -> str:
    return _put(rng, text, ATOM, lambda old: rng.choice(VALUES))


def _number(rng: random.Random, text: str, others: list[bytes]) -> str:
    form = re.compile(r"(?<![\w.])[-+]?[0-9][0-9_]*\.?[0-9]*(?![\w.])")
    return _put(rng, text, form, lambda old: rng.choice(NUMBERS))


def _swap_values(rng: random.Random, text: str, others: list[bytes]) -> str:
    values = ATOM.findall(text) or ["1"]
    return _put(rng, text, ATOM, lambda old: rng.choice(values))


def _key(rng: random.Random, text: str, others: list[bytes]) -> str:
    keys = [key for key in KEY.findall(text) if key] or ["x"]
    new = ("a.b", '""', '"*"', '"a\\u0000"', ".".join("a" * 1500), "x" * 70000, "value", "é", "1")

    def changed(old: str) -> str:
        way = rng.randrange(4)
        if way == 0:
            return rng.choice(keys)
        if way == 1:
            return f"{old}.{rng.choice(keys)}"
        return rng.choice(new) if way == 2 else old[:-1]

    return _put(rng, text, KEY, changed)


def _word(rng: random.Random, text: str, others: list[bytes]) -> str:
    words = WORD.findall(text) or ["x"]
    other = WORD.findall(rng.choice(others).decode("utf-8", errors="ignore")) or ["x"]
    return _put(rng, text, WORD, lambda old: rng.choice((rng.choice(words), rng.choice(other))))


def _lines(rng: random.Random, text: str, others: list[bytes]) -> str:
    """Drop, repeat, move or cut lines, or put in those of another file."""
    lines = text.split("\n")
    at, count = rng.randrange(len(lines)), rng.choice((1, 1, 2, 8))
    way = rng.randrange(6)
    taken = lines[at : at + count]
    if way == 0:
        del lines[at : at + count]
    elif way == 1:
        lines[at:at] = taken * rng.choice((1, 2, 100))
    elif way == 2:
        del lines[at : at + count]
        lines[(to := rng.randrange(len(lines) + 1)) : to] = taken
    elif way == 3:
        other = rng.choice(others).decode("utf-8", errors="replace").split("\n")
        begin = rng.randrange(len(other))
        lines[at:at] = other[begin : begin + count]
    elif way == 4:
        lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
    else:
        rng.shuffle(lines)
    return "\n".join(lines)


def _table(rng: random.Random, text: str, others: list[bytes]) -> str:
    """Change the head of a table, or turn a value into a table or a list."""
    way = rng.randrange(4)
    if way == 0:
        return _put(rng, text, re.compile(r"^\[\[?[^\]\n]*\]\]?", re.M),
                    lambda old: rng.choice((f"[{old}]", old.strip("[]"), old[1:-1], f"{old}x"))
                    )  # fmt: skip
    if way == 1:
        return _put(rng, text, ATOM, lambda old: f'{{ value = {old}, reason = "r" }}')
    if way == 2:
        return _put(rng, text, ATOM, lambda old: f"[{old}]")
    name = rng.choice(re.findall(r"^\[\[?([^\]\n]*)", text, re.M) or ["world"])
    new = rng.choice((f"\n[[{name}]]\n", f"\n[{name}]\n", f"\n{name} = 3\n", "\n[[change]]\n",
                      f"\n{name} = []\n"))  # fmt: skip
    return text + new


def _cells(rng: random.Random, text: str, others: list[bytes]) -> str:
    """Change a character of a drawing or of a list in several places."""
    characters = sorted(set(text)) or ["x"]
    old, new = rng.choice(characters), rng.choice((*characters, "~", ".", "A", ";", ",", "\t", "é"))
    return text.replace(old, new, rng.choice((1, 3, -1)))


STRUCTURED: tuple[Callable[[random.Random, str, list[bytes]], str], ...] = (
    _value, _value, _number, _number, _swap_values, _key, _word, _lines, _lines, _table, _cells,
)  # fmt: skip


def tried(kind: str, data: bytes, folder: Path, patience: float = PATIENCE) -> Failure | None:
    """Read one file; what its reader did that it may not, or None."""
    file = folder / f"case.{ENDINGS[kind]}"
    file.write_bytes(data)
    signal.setitimer(signal.ITIMER_PROF, patience)  # work, however busy the machine is
    signal.setitimer(signal.ITIMER_REAL, 12 * patience)  # and waiting for what never comes
    try:
        READERS[kind](file)
    except InputError as wrong:
        said = str(wrong)
        told = said.splitlines() if kind == "lesson" else [said]  # a lesson tells all its faults
        if any("\n" in one or len(one) > LONGEST or not one.strip() for one in told or [""]):
            return Failure(kind, data, f"sentence of {kind}", said[:400])
    except (Exception, Slow) as wrong:
        frames = traceback.extract_tb(wrong.__traceback__)
        ours = [frame for frame in frames if "site-packages" not in frame.filename
                and "/lib/python" not in frame.filename and frame.filename != __file__]  # fmt: skip
        last = (ours or list(frames))[-1]
        where = f"{type(wrong).__name__} in {Path(last.filename).name}, {last.name}"
        return Failure(kind, data, where, "".join(traceback.format_exception(wrong))[-3000:])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def smallest(failure: Failure, folder: Path, tries: int = 300) -> Failure:
    """The failure with as much of its file taken away as goes without losing it."""
    best, size = failure, max(1, len(failure.data) // 2)
    if failure.where.startswith("Slow"):
        tries = 12
    while size and tries:
        at = 0
        while at < len(best.data) and tries:
            tries -= 1
            found = tried(best.kind, best.data[:at] + best.data[at + size :], folder)
            if found is not None and found.where == best.where:
                best = found
            else:
                at += size
        size //= 2
    return best


def case(kind: str, seed: int, number: int, files: dict[str, list[bytes]]) -> bytes:
    """The content of one case."""
    rng = random.Random(f"{kind} {seed} {number}")
    return mutated(rng, rng.choice(files[kind]), [one for many in files.values() for one in many])


def _late(*_: object) -> NoReturn:
    raise Slow("more time than there is")


def fuzz(
    count: int, seconds: float, seed: int, begin: int = 0, kinds: tuple[str, ...] = tuple(ENDINGS)
) -> tuple[int, list[Failure]]:
    """Try cases until there were `count` of them or the time is over.

    Returns the number of cases and the failures, one of each cause.
    """
    warnings.simplefilter("ignore")
    before = [(one, signal.signal(one, _late)) for one in (signal.SIGALRM, signal.SIGPROF)]
    files, found, done = seeds(), dict[str, Failure](), 0
    remember()
    end = monotonic() + seconds
    back, memory = Path.cwd(), "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    try:
        with tempfile.TemporaryDirectory(prefix="tocsin-fuzz-", dir=memory) as name:
            os.chdir(name)
            for kind in kinds:  # whatever is imported late is imported now
                for data in files[kind]:
                    if failure := tried(kind, data, Path(name), patience=60):
                        found[failure.where] = failure
            for number in range(begin, begin + count):
                if monotonic() > end:
                    break
                kind = kinds[number % len(kinds)]
                failure = tried(kind, case(kind, seed, number, files), Path(name))
                done += 1
                if failure is not None and failure.where not in found:
                    found[failure.where] = small = smallest(failure, Path(name))
                    print(f"{kind}-{number} of seed {seed}: {small.where}\n{small.said}\n",
                          file=sys.stderr, flush=True)  # fmt: skip
    finally:
        os.chdir(back)
        for one, handler in before:
            signal.signal(one, handler)
    return done, list(found.values())


def kept() -> Iterator[tuple[str, Path]]:
    """Kind and file of everything that failed once."""
    for file in sorted(CORPUS.iterdir()):
        yield file.name.partition("-")[0], file


def main() -> int:
    """Fuzz from the command line; 0 if nothing failed, 1 otherwise."""
    of = argparse.ArgumentParser(description="Fuzz the readers of text files.")
    of.add_argument("--count", type=int, default=100_000)
    of.add_argument("--seconds", type=float, default=86_400.0)
    of.add_argument("--seed", type=int, default=0)
    of.add_argument("--begin", type=int, default=0, help="number of the first case")
    of.add_argument("--kinds", nargs="+", choices=tuple(ENDINGS), default=list(ENDINGS))
    of.add_argument("--only", metavar="KIND-NUMBER", help="print one case and try it")
    args = of.parse_args()
    if args.only:
        kind, _, number = args.only.partition("-")
        sys.stdout.buffer.write(case(kind, args.seed, int(number), seeds()))
        sys.stdout.flush()
        args.count, args.begin, args.kinds = 1, int(number), [kind]
    done, failures = fuzz(args.count, args.seconds, args.seed, args.begin, tuple(args.kinds))
    for failure in failures:
        CORPUS.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(failure.data).hexdigest()[:12]
        file = CORPUS / f"{failure.kind}-{name}.{ENDINGS[failure.kind]}"
        file.write_bytes(failure.data)
        print(f"kept {file}", file=sys.stderr)
    print(f"{done:,} damaged files of seed {args.seed}: {len(failures)} kinds of failure")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
