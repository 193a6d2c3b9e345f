"""The folder of compiled kernels: sealed when it is whole, checked before it is used.

numba reads its files with pickle and runs the machine code in them, so a damaged one can raise
anything or end the process. A folder is filled in private, sealed with a digest of each file, and
then put in place by one renaming; so two programs that start at once do not meet half a folder.
What does not agree with the seal is dropped and compiled again.
"""

import atexit
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tocsin.simulation.text_files import content_of

SEAL = "seal.json"
DAY = 86_400.0  # seconds after which a private folder was left behind by a program that died


class Cache:
    """A folder for what is compiled from some source files.

    Parameters
    ----------
    place
        Where the folder is, or will be.
    sources
        What is compiled; their times are sealed too, because numba looks at them.

    Attributes
    ----------
    folder
        Where to read and write: the sealed folder, a private one that `keep` will put in its
        place, or None where nothing can be written.
    """

    def __init__(self, place: Path, sources: Sequence[Path]) -> None:
        self.place = place
        self._stamps = [[source.name, *_stamp(source)] for source in sources]
        self._sealed, sound, damaged = self._looked_through()
        self.folder: Path | None = place if self._sealed else None
        if self._sealed:
            return
        if damaged:
            files = f"{len(damaged)} of the files" if damaged != [SEAL] else "the seal"
            say(f"{files} in the cache of compiled kernels {place} cannot be used (the first is "
                f"{damaged[0]}), so what is missing is compiled again")  # fmt: skip
        else:
            say("compiling, once on this machine: a quarter to half of a minute")
        self.folder = self._private(sound)
        if self.folder is None:
            say(f"{place.parent} cannot be written, so kernels are compiled at each start; set "
                "XDG_CACHE_HOME to a folder that can")  # fmt: skip

    def _looked_through(self) -> tuple[bool, list[str], list[str]]:
        """Whether the folder is whole; names of sound files, and of damaged or missing ones."""
        if not os.path.lexists(self.place):
            return False, [], []
        try:
            seal = json.loads(content_of(self.place / SEAL))
            stamps, digests = seal["stamps"], dict(seal["files"])
        except (OSError, ValueError, RecursionError, KeyError, TypeError):
            return False, [], [SEAL]
        if not all(_inside(name) for name in digests):
            return False, [], [SEAL]
        if stamps != self._stamps:  # numba would compile again as well
            return False, [], []
        sound = [name for name, digest in digests.items() if _digest(self.place / name) == digest]
        damaged = sorted(set(digests) - set(sound))
        return not damaged, sound, damaged

    def _private(self, sound: list[str]) -> Path | None:
        """A folder of our own with the sound files in it; None if none can be written."""
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=f"{self.place.name}.", dir=self.place.parent))
        except OSError:
            return None
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        for old in self.place.parent.glob(f"{self.place.name}.*"):
            if _stamp(old)[0] < (time.time() - DAY) * 1e9:
                _remove(old)
        try:
            for name in sound:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.place / name, folder / name)
        except OSError:
            return None
        return folder

    def keep(self) -> None:
        """Seal what was compiled, and put it in place unless another program was faster."""
        if self._sealed or self.folder is None:
            return
        folder, self._sealed = self.folder, True
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")
                       if path.is_file())  # fmt: skip
        if not names:  # numba was told not to compile
            return
        files = {name: _digest(folder / name) for name in names}
        try:
            (folder / SEAL).write_text(json.dumps({"stamps": self._stamps, "files": files}))
            if not self._looked_through()[0]:
                _remove(self.place)
                folder.rename(self.place)
                self.folder = self.place
        except OSError:
            return  # the folder of another program is in place, or none can be


def say(sentence: str) -> None:
    """Tell the user on the error stream, which may be closed."""
    try:
        print(f"{sentence}.", file=sys.stderr)
    except (OSError, ValueError, AttributeError):
        return


def _inside(name: str) -> bool:
    """Whether a name in a seal is one of a file in the folder."""
    parts = PurePosixPath(name).parts
    return bool(parts) and "\0" not in name and not {"..", "/"} & set(parts)


def _digest(file: Path) -> str:
    """Digest of a file; "" of one that cannot be read."""
    try:
        return hashlib.blake2b(content_of(file), digest_size=16).hexdigest()
    except (OSError, ValueError):  # a name that no file can have
        return ""


def _stamp(file: Path) -> tuple[int, int]:
    """When it was changed, in nanoseconds, and its size; now and none if it is gone."""
    try:
        seen = file.stat()
    except OSError:
        return time.time_ns(), 0
    return seen.st_mtime_ns, seen.st_size


def _remove(path: Path) -> None:
    """Take away whatever is there, as one step for others who look at it."""
    if not os.path.lexists(path):
        return
    if path.is_dir() and not path.is_symlink():
        aside = Path(tempfile.mkdtemp(prefix=f"{path.name}.", dir=path.parent))
        path.rename(aside)  # an empty folder is replaced
        shutil.rmtree(aside, ignore_errors=True)
    else:
        path.unlink()
