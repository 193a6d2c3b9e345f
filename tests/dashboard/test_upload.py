"""Files from a browser are never trusted."""

import tempfile
from pathlib import Path

import pytest
from tocsin.dashboard.pages.upload import MOST_BYTES, read_upload, safe_name
from tocsin.simulation.errors import InputError

HEAD = """schema = 1
title = "{title}"
question = "Which?"
author = "somebody"
description = "A file from a browser."
"""
GOOD = HEAD + 'parent = "baseline"\n[cooperation]\nsharing = {{ value = 0.7, reason = "try" }}\n'


def test_a_good_file_is_read_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scenario = read_upload("mine.toml", GOOD.format(title="Mine").encode())
    assert scenario.value("cooperation.sharing") == 0.7
    assert scenario.name == "mine"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/cron.d/x.toml", "a\0b.toml", "<b>x</b>.toml", "..", "", "é"]
)
def test_a_name_is_never_a_path(name: str) -> None:
    kept = safe_name(name)
    assert kept.replace("_", "").replace("-", "").isalnum()
    assert kept.isascii()
    scenario = read_upload(name, GOOD.format(title="Mine").encode())
    assert scenario.name == kept


@pytest.mark.parametrize("parent", ["/etc/passwd", "../other.toml", "mine.toml", "baseline.toml"])
def test_a_parent_outside_is_not_even_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parent: str
) -> None:
    looked: list[object] = []
    monkeypatch.setattr("tocsin.dashboard.pages.upload.load", lambda path: looked.append(path))
    text = HEAD.format(title="x") + f'parent = "{parent}"\n'
    with pytest.raises(InputError, match="parent"):
        read_upload("mine.toml", text.encode())
    assert looked == []


@pytest.mark.parametrize("chosen", ['"/etc/passwd"', '"../x.map"', '{ value = "own.map" }', "[]"])
def test_a_map_outside_is_not_even_looked_for(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    looked: list[object] = []
    monkeypatch.setattr("tocsin.dashboard.pages.upload.load", lambda path: looked.append(path))
    text = HEAD.format(title="x") + f"[world]\nmap = {chosen}\n"
    with pytest.raises(InputError, match="map"):
        read_upload("mine.toml", text.encode())
    assert looked == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"not toml",
        b"schema = 1",
        b"x = " + b"[" * 50_000,
        GOOD.format(title="x").replace("0.7", "7.0").encode(),
        b"#" * (MOST_BYTES + 1),
        (GOOD.format(title="x") + "[world]\nnetworks = { value = 9000, reason = 'big' }").encode(),
        (GOOD.format(title="x") + "[world]\nweeks = { value = 5200, reason = 'long' }").encode(),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        read_upload("mine.toml", data)
    sentence = str(refused.value)
    assert sentence.startswith("mine")
    assert tempfile.gettempdir() not in sentence
