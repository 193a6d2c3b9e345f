"""The cache of compiled kernels: whatever happens to its files, commands go on.

Most of it is tried on a package of two small kernels that is compiled in a second.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tocsin.simulation.kernels.compiling import CACHE

KERNELS = Path(__file__).parents[2] / "simulation" / "kernels"
TINY = """
from typing import Annotated

from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import F8

@compiled
def double(x: Annotated[F8, "n"]) -> None:
    for i in range(x.size):
        x[i] *= 2

@compiled
def triple(x: Annotated[F8, "n"]) -> None:
    for i in range(x.size):
        x[i] *= 3
"""
INSIDE = """
from tocsin.simulation.kernels.compiling import CACHE
from tocsin.simulation.kernels.tiny import double, triple

CACHE.keep()
"""
USE = """
import numpy as np
from tocsin.simulation.kernels import CACHE, double, triple

x = np.arange(3.0)
double(x), triple(x)
hits = [sum(kernel.stats.cache_hits.values()) for kernel in (double, triple)]
print(x.tolist(), CACHE.folder, *hits, sep=";")
"""


class Tiny:
    """A package of two kernels with a cache of its own."""

    def __init__(self, home):
        self.home, self.cache = home, home / "cache"
        package = home / "tocsin" / "simulation" / "kernels"
        package.mkdir(parents=True)
        for folder in (package.parents[1], package.parent):
            (folder / "__init__.py").touch()
        for name in ("text_files.py", "errors.py"):
            shutil.copy(KERNELS.parent / name, package.parent / name)
        shutil.copytree(KERNELS / "compiling", package / "compiling")
        (package / "tiny.py").write_text(TINY)
        (package / "__init__.py").write_text(INSIDE)

    def start(self):
        place = {"PYTHONPATH": str(self.home), "XDG_CACHE_HOME": str(self.cache)}
        return subprocess.Popen([sys.executable, "-c", USE], env=os.environ | place, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                cwd=self.home)  # fmt: skip

    def use(self, process=None):
        """What it says on the error stream, its folder, and how many kernels came from it."""
        process = process or self.start()
        out, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
        answer, folder, *hits = out.strip().split(";")
        assert answer == "[0.0, 6.0, 12.0]"
        return said, Path(folder), [int(hit) for hit in hits]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    tiny = Tiny(tmp_path_factory.mktemp("tiny"))
    said, folder, hits = tiny.use()
    assert "compiling, once on this machine" in said
    assert hits == [0, 0]
    assert tiny.use() == ("", folder, [1, 1])
    return tiny, folder


def _truncated(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _flipped(file):
    content = bytearray(file.read_bytes())
    for at in range(0, len(content), 97):
        content[at] ^= 0xFF
    file.write_bytes(bytes(content))


def _one_bit(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def _empty(file):
    file.write_bytes(b"")


def _a_folder(file):
    file.unlink()
    (file / "inside").mkdir(parents=True)


def _gone(file):
    file.unlink()


def _a_loop(file):
    file.unlink()
    file.symlink_to(file.name)  # cannot be read, even by root


DAMAGES = (_truncated, _flipped, _one_bit, _empty, _a_folder, _gone, _a_loop)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files_are_compiled_again_with_one_sentence(filled, damage):
    tiny, folder = filled
    for name in ("*double*.nbi", "*triple*.nbc"):
        damage(next(folder.rglob(name)))
    said, again, hits = tiny.use()
    assert said.count("\n") == 1
    assert "2 of the files in the cache of compiled kernels" in said
    assert again == folder
    assert hits == [0, 0]


def test_what_is_sound_is_kept_and_what_was_damaged_is_mended(filled):
    tiny, folder = filled
    _one_bit(next(folder.rglob("*double*.nbc")))
    said, _, hits = tiny.use()
    assert "tiny.double" in said
    assert hits == [0, 1]
    assert tiny.use() == ("", folder, [1, 1])


SEALS = ("", "[1]", "[" * 9999, '{"stamps": 1}', "\udce4")
OUTSIDE = ("../../etc/passwd", "/etc/hostname", "a\0b", "")


@pytest.mark.parametrize("seal", SEALS)
def test_a_damaged_seal_costs_a_compilation_and_nothing_else(filled, seal):
    tiny, folder = filled
    (folder / "seal.json").write_text(seal, errors="surrogateescape")
    said, again, _ = tiny.use()
    assert said.count("\n") == 1
    assert again == folder


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_seal_that_names_what_is_not_in_the_folder_is_damaged(filled, name):
    tiny, folder = filled
    seal = json.loads((folder / "seal.json").read_text())
    seal["files"][name] = ""
    (folder / "seal.json").write_text(json.dumps(seal))
    said, again, _ = tiny.use()
    assert said.count("\n") == 1 and "the seal in the cache" in said
    assert again == folder
    assert tiny.use()[0] == ""


def test_a_file_in_the_place_of_the_folder_is_replaced(filled):
    tiny, folder = filled
    shutil.rmtree(folder)
    folder.write_text("something else")
    said, again, _ = tiny.use()
    assert "the seal" in said and again == folder
    assert tiny.use() == ("", folder, [1, 1])


def test_every_file_is_sealed(filled):
    _, folder = filled
    sealed = json.loads((folder / "seal.json").read_text())["files"]
    assert len(sealed) == 4
    assert {name.rpartition(".")[2] for name in sealed} == {"nbi", "nbc"}


def test_two_programs_that_start_on_an_empty_cache_both_run_and_leave_one_folder(tmp_path):
    tiny = Tiny(tmp_path)
    both = [tiny.start(), tiny.start()]
    folders = {tiny.use(process)[1] for process in both}
    said, folder, hits = tiny.use()
    assert (said, hits) == ("", [1, 1])
    assert folder in folders
    assert list((tiny.cache / "tocsin").iterdir()) == [folder]


def test_without_a_folder_that_can_be_written_kernels_are_compiled_each_time(tmp_path):
    tiny = Tiny(tmp_path)
    tiny.cache.write_text("a file")
    said = tiny.use(tiny.start())[0]
    assert "cannot be written, so kernels are compiled at each start" in said


def test_a_changed_source_is_compiled_again_without_a_word_of_damage(tmp_path):
    tiny = Tiny(tmp_path)
    folder = tiny.use()[1]
    source = tmp_path / "tocsin" / "simulation" / "kernels" / "tiny.py"
    os.utime(source, (1e9, 1e9))
    said, again, _ = tiny.use()
    assert "compiling, once" in said and "cannot be used" not in said
    assert again == folder
    assert tiny.use() == ("", folder, [1, 1])


def test_a_run_goes_on_with_a_damaged_kernel(tmp_path):
    folder = tmp_path / "tocsin" / CACHE.place.name
    shutil.copytree(CACHE.place, folder)
    _flipped(next(folder.rglob("*.note-*.nbc")))
    _truncated(next(folder.rglob("*.hand_over-*.nbi")))
    command = [sys.executable, "-m", "tocsin", "run", "baseline", "--weeks", "3"]
    said = []
    for _ in range(2):
        done = subprocess.run(command, env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
                              capture_output=True, text=True, timeout=300)  # fmt: skip
        assert done.returncode == 0
        assert "Traceback" not in done.stderr
        said.append("2 of the files in the cache of compiled kernels" in done.stderr)
    assert said == [True, False]
