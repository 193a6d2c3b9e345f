"""Make a folder of wheels for machines without internet: ``python tools/bundle.py FOLDER SYSTEM``.

SYSTEM is windows, macos, macos-intel, linux, or nothing for this machine. Versions are those of
``constraints.txt``; which packages a system needs follows from the metadata of the installed ones,
read as that system would read it.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tocsin.experiments.running.destination import check_folder
from tocsin.simulation.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "windows": (
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt",
         "platform_machine": "AMD64"},
        ("win_amd64",),
    ),
    "macos": (
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix",
         "platform_machine": "arm64"},
        ("macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64", "macosx_11_0_universal2",
         "macosx_10_13_universal2", "macosx_10_9_universal2"),
    ),
    "macos-intel": (
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix",
         "platform_machine": "x86_64"},
        ("macosx_14_0_x86_64", "macosx_12_0_x86_64", "macosx_10_15_x86_64", "macosx_10_13_x86_64",
         "macosx_10_12_x86_64", "macosx_10_9_x86_64", "macosx_10_9_universal2"),
    ),
    "linux": (
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix",
         "platform_machine": "x86_64"},
        ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_24_x86_64",
         "manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_5_x86_64",
         "manylinux1_x86_64"),
    ),
}  # fmt: skip
HOW = """Tocsin without internet
=======================

Needed on each machine: Python {python} (64 bit), and this folder. Open a terminal in the folder
that holds this one, then:

Windows     py -{python} -m venv tocsin
            tocsin\\Scripts\\pip install --no-index --find-links {folder} tocsin[dashboard]
            tocsin\\Scripts\\tocsin classroom

macOS and   python{python} -m venv tocsin
Linux       tocsin/bin/pip install --no-index --find-links {folder} "tocsin[dashboard]"
            tocsin/bin/tocsin classroom

Only the trainer's machine needs it; the class needs a browser each. The wheels are for {system}.
"""


def needed(environment: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """Name -> version of all that ``tocsin[dashboard]`` needs, and names that are not installed."""
    known: dict[str, str] = {}
    missing: set[str] = set()
    waiting = [Requirement("tocsin[dashboard]")]
    done: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if (name, extras) in done:
            continue
        done.add((name, extras))
        try:
            found = distribution(name)
        except PackageNotFoundError:
            missing.add(name)
            continue
        known[name] = found.version
        waiting += [
            inner
            for inner in map(Requirement, found.requires or [])
            for extra in extras or {""}
            if inner.marker is None or inner.marker.evaluate({**environment, "extra": extra})
        ]
    known.pop("tocsin", None)
    return known, missing


def bundle(folder: Path, system: str) -> None:
    """Fill a new folder; it is there whole or not at all."""
    if not (folder / "INSTALL.txt").is_file():  # one that an earlier call made is replaced
        check_folder(folder, option="bundle")
    environment = {str(key): str(value) for key, value in default_environment().items()}
    tags: tuple[str, ...] = ()
    if system:
        changed, tags = SYSTEMS[system]
        environment |= changed
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    target = ["--python-version", version, *(part for tag in tags for part in ("--platform", tag))]
    known, missing = needed(environment)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        part = Path(scratch) / "wheels"
        _clear()
        subprocess.run([*pip, "wheel", "--no-deps", "-w", part, ROOT], check=True)
        _clear()
        pins = [f"{name}=={known[name]}" for name in sorted(known)]
        fetch = [*pip, "download", "--prefer-binary", "-d", part, *(target if tags else [])]
        subprocess.run([*fetch, "--no-deps", *pins], check=True)
        if missing:
            constraints = Path(scratch) / "pins.txt"
            constraints.write_text("\n".join(pins))
            rest = ["--only-binary", ":all:", "-c", constraints, *sorted(missing)]
            subprocess.run([*fetch, *rest], check=True)
        for source in [file for file in part.iterdir() if file.suffix != ".whl"]:
            _built(pip, source, foreign=bool(tags))
        how = HOW.format(python=version, folder=folder.name, system=system or "this machine")
        (part / "INSTALL.txt").write_text(how, encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    print(f"{len(list(folder.glob('*.whl')))} wheels and INSTALL.txt are in {folder}",
          file=sys.stderr)  # fmt: skip


def _clear() -> None:
    """What an earlier build left behind would end in the wheel."""
    shutil.rmtree(ROOT / "build", ignore_errors=True)


def _built(pip: list[str], source: Path, foreign: bool) -> None:
    """Turn a source archive into a wheel; one that needs a compiler there is a fault."""
    before = set(source.parent.glob("*.whl"))
    subprocess.run([*pip, "wheel", "--no-deps", "-w", source.parent, source], check=True)
    (made,) = set(source.parent.glob("*.whl")) - before
    if foreign and not made.stem.endswith("-none-any"):
        print(f"bundle: there is no wheel of {source.name} for that system.", file=sys.stderr)
        raise subprocess.CalledProcessError(1, "pip")
    source.unlink()


def main() -> int:
    """Read the arguments; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("system", nargs="?", default="", choices=["", *SYSTEMS])
    args = parser.parse_args()
    try:
        bundle(args.folder.resolve(), args.system)
    except InputError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as wrong:
        print(f"bundle: pip failed with {wrong.returncode}; nothing was written.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
