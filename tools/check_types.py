"""Check the types of the package under the names by which it is imported.

The folders at the top of the repository are imported as `tocsin.simulation` and so on. Type
checkers do not follow that mapping, and an editable installation of links (``strict``) shows them
every class twice. So the files are linked into one folder, `build/types`, where each lies under its
import name, and that folder alone is checked. Messages name the files of the repository.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
LINKS = TOP / "build" / "types"


def link(links: Path = LINKS) -> None:
    """Lay out all modules of the package under their import names, as links."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    homes: dict[str, str] = project["tool"]["setuptools"]["package-dir"]
    shutil.rmtree(links, ignore_errors=True)
    for name, folder in {"tocsin": "tocsin", **homes}.items():
        for file in (TOP / folder).rglob("*.py"):
            place = links.joinpath(*name.split("."), file.relative_to(TOP / folder))
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(os.path.relpath(file, place.parent))


def main() -> int:
    """Link, check, and say what was found."""
    link()
    checker = Path(sys.executable).with_name("basedpyright")
    told = subprocess.run([checker, *sys.argv[1:]], cwd=TOP, capture_output=True, text=True)
    said = told.stdout.replace(f"{LINKS}/tocsin/tocsin", "tocsin")
    for room in ("commands", "cli.py", "streams.py", "__init__.py", "__main__.py"):
        said = said.replace(f"{LINKS}/tocsin/{room}", f"tocsin/{room}")
    print(said.replace(f"{LINKS}/tocsin/", ""), told.stderr, sep="", end="")
    return told.returncode


if __name__ == "__main__":
    sys.exit(main())
