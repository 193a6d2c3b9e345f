"""Every reader of text files refuses the same things, each in one sentence that names the file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tocsin.classroom.reading import load_lesson
from tocsin.dashboard.pages.upload import read_upload
from tocsin.experiments.design.study_files import read as read_study
from tocsin.simulation.errors import LONGEST_WORD, InputError
from tocsin.simulation.geography.map_files import read_map
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.overrides import parse_setting, parse_settings
from tocsin.simulation.text_files import MOST_BYTES, cell, read_list

HEAD = 'schema = 1\ntitle = "t"\nquestion = "q"\nauthor = "a"\n'


def uploaded(file: Path) -> Any:
    """Send a file as a browser does."""
    return read_upload(file.name, file.read_bytes())


READERS: dict[str, Callable[[Path], Any]] = {
    "scenario": load, "map": read_map, "study": read_study, "lesson": load_lesson,
    "list": lambda file: read_list(file, "a list"), "upload": uploaded,
}  # fmt: skip
TOML = [name for name in READERS if name != "list"]
PLAIN_VALUES = {
    "whole number of 5000 digits": ("a = " + "9" * 5000, "too large"),
    "whole number of 5000 digits in base 16": ("a = 0x" + "f" * 5000, "too large"),
    "whole number of 20 digits": ("a = 1" + "0" * 19, "too large"),
    "number without end": ("a = inf", "not a finite number"),
    "number of 400 digits with a point": ("a = 1" + "0" * 400 + ".0", "not a finite number"),
    "no number": ("[[round]]\na = nan", "round 1, a = nan: not a finite number"),
    "time": ("[a]\nb = 07:32:00", r"a\.b = 07:32:00: a date or a time"),
    "date": ("a = [1979-05-27]", "a = 1979-05-27: a date or a time"),
    "keys 1500 deep": (".".join("a" * 1500) + " = 1", "nested more than"),
    "lists 1500 deep": ("a = " + "[" * 1500 + "]" * 1500, "nested more than"),
    "lists 20000 deep": ("a = " + "[" * 20000, "nested more than"),
    "zero in a text": ('a = "x\\u0000"', r"control character U\+0000"),
    "zero in a key": ('"x\\u0000" = 1', r"'x\\x00': a key holds no control characters"),
    "line break in a key": ('[a]\n"x\\n" = 1', r"a\.'x\\n': a key holds no control"),
}
ENCODINGS = {
    "zero byte": (b"a = 1\0", "not a text file"),
    "UTF-16": ("a = 1".encode("utf-16"), "in UTF-16; save it as UTF-8"),
    "UTF-16 without a mark": ("a = 1".encode("utf-16-le"), "not a text file"),
    "UTF-32": ("a = 1".encode("utf-32"), "in UTF-32; save it as UTF-8"),
    "Latin-1": ('a = "é"'.encode("latin-1"), "not UTF-8 text"),
}


def refused(reader: str, file: Path, words: str) -> str:
    """The sentence with which a reader refuses a file."""
    with pytest.raises(InputError, match=words) as caught:
        READERS[reader](file)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert file.stem[:40].partition("\0")[0] in sentence
    return sentence


@pytest.mark.parametrize("reader", TOML)
@pytest.mark.parametrize("case", PLAIN_VALUES)
def test_a_value_that_no_key_takes_is_one_sentence(tmp_path: Path, reader: str, case: str) -> None:
    text, words = PLAIN_VALUES[case]
    file = tmp_path / "odd.toml"
    file.write_text(text)
    assert len(refused(reader, file, words)) < 1000


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("case", ENCODINGS)
def test_another_encoding_is_one_sentence(tmp_path: Path, reader: str, case: str) -> None:
    data, words = ENCODINGS[case]
    file = tmp_path / "odd.toml"
    file.write_bytes(data)
    refused(reader, file, words)


@pytest.mark.parametrize("reader", [name for name in READERS if name != "upload"])
def test_what_is_no_plain_file_is_one_sentence(
    tmp_path: Path, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(reader, tmp_path / "none.toml", "there is no such file")
    (tmp_path / "folder.toml").mkdir()
    refused(reader, tmp_path / "folder.toml", "that is a folder")
    os.mkfifo(tmp_path / "pipe.toml")  # reading one would wait for ever
    refused(reader, tmp_path / "pipe.toml", "a device or a pipe")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    refused(reader, tmp_path / "zero.toml", "a device or a pipe")
    (tmp_path / "circle.toml").symlink_to("circle.toml")
    refused(reader, tmp_path / "circle.toml", "cannot be read")
    refused(reader, tmp_path / ("n" * 300 + ".toml"), "cannot be read|no such")
    refused(reader, tmp_path / "a\0b.toml", "there is no such file")
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    refused(reader, tmp_path / "large.toml", "too large; allowed are 32 million bytes")
    closed = tmp_path / "closed.toml"
    closed.write_text("a = 1")

    def denied(path: Path, *_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", denied)
    refused(reader, closed, r"cannot be read \(Permission denied\)")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["unix", "windows", "old mac"])
def test_marks_and_line_ends_of_other_programs_are_read(
    tmp_path: Path, mark: bytes, end: bytes
) -> None:
    drawn = b"""schema = 1
title = "Two banks"
cell_km = 25.0
[countries]
A = "ARX"
B = "BOV"
[terrain]
"." = "plain"
[towns]
1 = "Kalda"
2 = "Ormen"
[layers]
countries = '''
AABB
'''
terrain = '''
1..2
'''
"""
    (tmp_path / "two.map").write_bytes(mark + drawn.replace(b"\n", end))
    assert read_map(tmp_path / "two.map").codes == ("ARX", "BOV")
    child = HEAD + 'description = "d"\nparent = "baseline"\n'
    (tmp_path / "child.toml").write_bytes(mark + child.encode().replace(b"\n", end))
    assert load(tmp_path / "child.toml").lineage == ("baseline", "child")
    (tmp_path / "list.csv").write_bytes(mark + b"a,b\n1,2\n".replace(b"\n", end))
    head, rows, _ = read_list(tmp_path / "list.csv", "a list")
    assert (head.cells, [row.cells for row in rows]) == (["a", "b"], [["1", "2"]])


def test_a_fault_of_a_map_names_the_right_line_behind_windows_line_ends(tmp_path: Path) -> None:
    text = 'schema = 1\ntitle = "t"\ncell_km = 1\n[countries]\nA = "ARX"\n[terrain]\n"." = "plain"'
    text += '\n[layers]\ncountries = """\nAA\nAB\n"""\nterrain = """\n..\n..\n"""\n'
    (tmp_path / "wrong.map").write_bytes(text.replace("\n", "\r\n").encode())
    with pytest.raises(InputError, match="line 11, column 2: character 'B'"):
        read_map(tmp_path / "wrong.map")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("9" * 5000, "too large"),
        ("0x" + "f" * 5000, "too large"),
        ("[" * 1500 + "]" * 1500, "nested"),
        ("[" * 20000 + "]" * 20000, "nested"),
        ("07:32:00", "a date or a time"),
        ("-inf", "not a finite number"),
        ("1e999", "not a finite number"),
        ("x\0y", "control character"),
        ("\udcff", "control character"),
    ],
)
def test_a_setting_is_refused_as_a_file_is(value: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        load("baseline").with_(parse_settings([f"cooperation.sharing={value}"]))
    assert str(caught.value).startswith("--set cooperation.sharing: ")
    assert len(str(caught.value)) < 1000


def test_a_setting_may_lack_a_digit_beside_its_point() -> None:
    assert parse_setting("cooperation.sharing=.5") == ("cooperation.sharing", 0.5)
    assert [cell(text) for text in ("5.", "-.5e1", "+007", "TRUE", "True", "0x10", "a,b")] == [
        5.0, -5.0, 7, True, True, 16, "a,b",
    ]  # fmt: skip


def test_a_repeated_setting_is_refused() -> None:
    with pytest.raises(InputError, match=r"--set cooperation.sharing = 0.9: set twice"):
        parse_settings(["cooperation.sharing=0.1", "cooperation.sharing=0.9"])


@pytest.mark.parametrize("second", ["pairs.VES-TAL.trust", "pairs.TAL-VES.trust"])
def test_a_pair_that_is_set_in_both_orders_is_refused_and_the_option_is_named(second: str) -> None:
    with pytest.raises(InputError, match=rf"^--set {second} = 0.9: set twice.*; once is enough"):
        parse_settings(["pairs.TAL-VES.trust=.1", f"{second}=.9"])


@pytest.mark.parametrize("number", [10**400, -(10**5000), 2**63, 1e300, -1e300], ids=range(5))
def test_a_number_of_any_size_from_python_is_one_sentence(number: float) -> None:
    for key in ("cooperation.sharing", "intelligence.delay_weeks", "world.networks"):
        with pytest.raises(InputError, match=rf"^{key} = .*; allowed is a"):
            load("baseline").with_({key: number})


def test_a_sentence_does_not_repeat_a_million_characters() -> None:
    long = "x" * 1_000_000
    wrongs: list[dict[str, Any]] = [
        {long: 1}, {"cooperation.sharing": long}, {f"cooperation.{long}": 1},
        {"capacity.allocation": long}, {"countries.ARV.languages": [long, 5]},
    ]  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(InputError) as caught:
            load("baseline").with_(wrong)
        assert len(str(caught.value)) < 3000
        assert max(map(len, str(caught.value).split())) <= LONGEST_WORD
