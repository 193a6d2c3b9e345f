"""A journal that is not what was written: seen, said in a sentence, and mended only if asked to."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tocsin.classroom.journal import BEGINS, FORMAT, NAME, START, SUM, summed
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session
from tocsin.simulation.errors import InputError
from tocsin.simulation.state import FINGERPRINT_FORMAT

from tocsin.cli import main

ANSWERS = {"flow": 25_000_000, "rate": 0.5}
Lines = list[dict[str, Any]]


@pytest.fixture
def played_folder(opened, lesson) -> Path:
    """A session with every kind of event: one year that ran, and a second with a commitment."""
    session, trainer = opened.session, opened.trainer
    sev, tal = opened.join("sev", "the \u017dluty kids"), opened.join("tal")
    opened.join("igo")
    trainer.remove("igo")
    trainer.next_year()
    trainer.pause(True)
    trainer.pause(False)
    trainer.set_clock(3)
    sev.move("countries.SEV.sharing", 0.1)
    sev.commit(sev.view().draft, ANSWERS)
    sev.withdraw()
    sev.commit(sev.view().draft, ANSWERS)
    trainer.computer("tal", True)
    trainer.run_year()
    session.ran("f" * 64)
    trainer.computer("tal", False)
    trainer.next_year()
    tal.move("countries.TAL.sharing", 0.9)
    tal.commit(tal.view().draft, ANSWERS)
    session.close()
    return session.folder


@pytest.fixture
def taken_up(tmp_path: Path, opened) -> Iterator[Callable[[bytes], Session]]:
    """Take up a journal of these bytes, in a folder of its own."""
    held: list[Session] = []
    count = 0

    def take(content: bytes) -> Session:
        nonlocal count
        count += 1
        folder = tmp_path / f"copy{count}"
        folder.mkdir()
        (folder / NAME).write_bytes(content)
        held.append(Session(folder, clock=opened.hand))
        return held[-1]

    yield take
    for session in held:
        session.close()


def entries(content: bytes) -> Lines:
    """The lines of a journal without their checksums."""
    lines = [json.loads(line) for line in content.splitlines()]
    return [{name: value for name, value in line.items() if name != "sum"} for line in lines]


def written(lines: Lines, number: int = FORMAT) -> bytes:
    """A journal of these lines whose checksums are right."""
    last, content = START % number, b""
    for line in lines:
        rest = json.dumps(line).encode()[1:]
        last = summed(last, rest)
        content += BEGINS + last + b'", ' + rest + b"\n"
    return content


def test_a_flipped_bit_anywhere_is_seen(played_folder: Path, taken_up) -> None:
    """350 places, each bit of a byte equally often, all line ends among them."""
    content = (played_folder / NAME).read_bytes()
    ends = [at for at, byte in enumerate(content) if byte == ord("\n")]
    places = random.Random(14).sample(range(len(content)), 350 - len(ends)) + ends
    for number, place in enumerate(places):
        flipped = bytearray(content)
        flipped[place] ^= 1 << number % 8
        line = content[:place].count(b"\n") + 1
        with pytest.raises(InputError, match=f"line {line} is damaged") as caught:
            taken_up(bytes(flipped))
        assert "\n" not in str(caught.value)
        assert line == 1 or "is whole up to" in str(caught.value)


def test_lines_that_are_lost_doubled_or_moved_are_seen(played_folder: Path, taken_up) -> None:
    lines = (played_folder / NAME).read_bytes().splitlines(keepends=True)
    for at in range(1, len(lines) - 1):
        swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        for wrong in ([*lines[:at], *lines[at + 1 :]], swapped):
            with pytest.raises(InputError, match=f"line {at + 1} is damaged"):
                taken_up(b"".join(wrong))
        with pytest.raises(InputError, match=f"line {at + 2} is damaged"):
            taken_up(b"".join([*lines[: at + 1], *lines[at:]]))


def test_every_beginning_of_a_journal_is_a_session(played_folder: Path, taken_up) -> None:
    """Cut after each line and inside each; what is left is what had happened by then."""
    lines = (played_folder / NAME).read_bytes().splitlines(keepends=True)
    for whole in range(1, len(lines)):
        for more in (b"", lines[whole][:1], lines[whole][: len(lines[whole]) // 2],
                     lines[whole][:-1]):  # fmt: skip
            session = taken_up(b"".join(lines[:whole]) + more)
            kept = (session.folder / NAME).read_bytes()
            assert kept.startswith(b"".join(lines[:whole]))
            assert kept[len(b"".join(lines[:whole])) :].count(b"\n") <= 1  # the clock, taken up
            assert not list(session.folder.glob("*damaged*"))


def _changed(**data: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda line: {**line, "data": {**line["data"], **data}}


WRONG: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "number": ("draft", lambda line: {**line, "number": 99}),
    "number as text": ("draft", lambda line: {**line, "number": str(line["number"])}),
    "number true": ("joined", lambda line: {**line, "number": True}),
    "time": ("joined", lambda line: {**line, "at": "noon"}),
    "time without end": ("joined", lambda line: {**line, "at": float("inf")}),
    "time of 400 digits": ("joined", lambda line: {**line, "at": 10**400}),
    "kind": ("year", lambda line: {**line, "kind": "decade"}),
    "kind as number": ("year", lambda line: {**line, "kind": 7}),
    "data as list": ("year", lambda line: {**line, "data": [1]}),
    "no data": ("year", lambda line: {**line, "data": {}}),
    "a field more": ("year", lambda line: {**line, "more": 1}),
    "data more": ("year", _changed(more=1)),
    "another seat": ("joined", _changed(seat="nowhere")),
    "seat as list": ("joined", _changed(seat=["sev"])),
    "seat null": ("removed", _changed(seat=None)),
    "name as number": ("joined", _changed(team=3)),
    "name too long": ("joined", _changed(team="x" * 500)),
    "no code": ("joined", _changed(code="")),
    "year as text": ("year", _changed(year="1")),
    "year as fraction": ("year", _changed(year=1.5)),
    "another year": ("year", _changed(year=3)),
    "seconds below zero": ("clock", _changed(seconds=-1)),
    "seconds true": ("clock", _changed(seconds=True)),
    "paused by word": ("paused", _changed(on="yes")),
    "computer by number": ("computer", _changed(on=1)),
    "lever of nobody": ("draft", _changed(values={"countries.TAL.sharing": 0.5})),
    "lever missing": ("draft", _changed(values={})),
    "lever out of bounds": ("draft", _changed(values={"countries.SEV.sharing": 7})),
    "lever as text": ("draft", _changed(values={"countries.SEV.sharing": "0.5"})),
    "values null": ("draft", _changed(values=None)),
    "prediction missing": ("committed", _changed(predictions={})),
    "prediction unknown": ("committed", _changed(predictions={**ANSWERS, "luck": 1})),
    "prediction as text": ("committed", _changed(predictions={"flow": "1", "rate": 0.5})),
    "closed another year": ("closed", _changed(year=2)),
    "closed without seats": ("closed", _changed(decisions={})),
    "closed by the cat": ("closed", lambda line: {**line, "data": {**line["data"], "decisions": {
        **line["data"]["decisions"],
        "sev": {**line["data"]["decisions"]["sev"], "by": "the cat"}}}}),
    "ran another year": ("ran", _changed(year=2)),
    "fingerprint as number": ("ran", _changed(fingerprint=1)),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_what_cannot_have_happened_is_refused_though_the_checksums_are_right(
    fault: str, played_folder: Path, taken_up
) -> None:
    kind, change = WRONG[fault]
    lines = entries((played_folder / NAME).read_bytes())
    at = next(n for n, line in enumerate(lines) if line["kind"] == kind)
    lines[at] = change(lines[at])
    with pytest.raises(InputError, match=f"line {at + 1} is damaged") as caught:
        taken_up(written(lines))
    assert "whole up to" in str(caught.value) and "\n" not in str(caught.value)


def test_an_order_that_cannot_be_is_refused(played_folder: Path, taken_up) -> None:
    """Each event in the place of each other kind: taken up, or refused in a sentence."""
    lines = entries((played_folder / NAME).read_bytes())
    refused = 0
    for at in range(1, len(lines)):
        for other in lines:
            moved = [*lines[:at], {**other, "number": at + 1}, *lines[at + 1 :]]
            try:
                taken_up(written(moved))
            except InputError as wrong:
                refused += 1
                assert str(wrong).count("\n") == 0 and "whole up to" in str(wrong)
    assert refused > len(lines)


@pytest.mark.parametrize("content", [
    b"hello\n", b"\n", b"{}\n", b"[]\n" * 3, b"\x00" * 400, b"\xff\xfe{\n", b"null\n",
    b"PK\x03\x04",
    b'{"sum": "' + b"0" * SUM + b'", "number": 1}\n', b'{"number": 1}\n', b"[" * 5000 + b"\n",
    b'{"week": 1, "number": 2}\n', b"a,b\n1,2\n",
])  # fmt: skip
def test_a_foreign_file_is_refused_and_left_as_it_is(content: bytes, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(content)
    for mend in (False, True):
        with pytest.raises(InputError, match=r"no journal of a class|line 1 is damaged") as caught:
            Session(tmp_path, mend=mend)
        assert "\n" not in str(caught.value)
    assert (tmp_path / NAME).read_bytes() == content
    assert sorted(file.name for file in tmp_path.iterdir()) == [NAME, "lock"]


def test_a_journal_without_checksums_says_that_it_is_of_an_earlier_version(
    played_folder: Path, taken_up
) -> None:
    lines = entries((played_folder / NAME).read_bytes())
    old = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    with pytest.raises(InputError, match="an earlier version of Tocsin wrote this session"):
        taken_up(old)


def test_a_journal_of_a_newer_format_is_no_damaged_one(played_folder: Path) -> None:
    """It is known by the checksum of its first line, whatever stands in it."""
    lines = entries((played_folder / NAME).read_bytes())
    lines[0]["data"] |= {"format": FORMAT + 1, "something": "new"}
    content = written(lines, FORMAT + 1)
    (played_folder / NAME).write_bytes(content)
    for mend in (False, True):
        with pytest.raises(InputError, match=r"of format 3, read here is 2; install a newer"):
            Session(played_folder, mend=mend)
    assert (played_folder / NAME).read_bytes() == content


@pytest.mark.parametrize(
    ("number", "words"),
    [(None, "an earlier version of Tocsin ran the years .* format 1, those of today of format 2"),
     (FINGERPRINT_FORMAT + 1, "its fingerprints are of format 3, .*install a newer tocsin"),
     ("2", "fingerprint_format is '2'; allowed is a whole number from 1 to 2")],
)  # fmt: skip
def test_years_with_fingerprints_of_another_format_are_refused_and_nothing_is_written(
    number: int | str | None, words: str, played_folder: Path
) -> None:
    lines = entries((played_folder / NAME).read_bytes())
    (ran,) = (line["data"] for line in lines if line["kind"] == "ran")
    assert ran.pop("fingerprint_format") == FINGERPRINT_FORMAT
    ran |= {} if number is None else {"fingerprint_format": number}
    content = written(lines)
    (played_folder / NAME).write_bytes(content)
    for mend in (False, True):
        with pytest.raises(InputError, match=words) as caught:
            Session(played_folder, mend=mend)
        assert "\n" not in str(caught.value) and "damaged" not in str(caught.value)
    assert (played_folder / NAME).read_bytes() == content
    assert sorted(file.name for file in played_folder.iterdir()) == [NAME, "lock"]


def test_the_lesson_of_a_journal_is_checked(played_folder: Path, taken_up) -> None:
    lines = entries((played_folder / NAME).read_bytes())
    for wrong in (
        {"text": "schema = 1"},
        {"text": 5},
        {"format": 3},
        {"format": "2"},
        {"code": ""},
    ):
        first = {**lines[0], "data": {**lines[0]["data"], **wrong}}
        with pytest.raises(InputError, match=r"line 1 .*nothing of the session can be taken up"):
            taken_up(written([first, *lines[1:]]))


def damaged(folder: Path, at: int) -> bytes:
    """Damage a line of a journal; what the file then is."""
    lines = (folder / NAME).read_bytes().splitlines(keepends=True)
    lines[at] = lines[at].replace(b'"kind"', b'"kinq"')
    (folder / NAME).write_bytes(b"".join(lines))
    return b"".join(lines)


def test_the_sentence_says_up_to_which_decision_a_session_is_whole(
    played_folder: Path, taken_up
) -> None:
    content = (played_folder / NAME).read_bytes()
    kinds = [line["kind"] for line in entries(content)]
    after = {
        "year": "the decisions of year 1: handed in by nobody so far",
        "committed": "the decisions of year 1: handed in by Sevrin",
        "closed": "the decisions of year 1, all of them",
        "ran": "the end of year 1",
        "joined": "the time before year 1",
    }
    for kind, words in after.items():
        folder = played_folder.with_name(f"after_{kind}")
        shutil.copytree(played_folder, folder)
        before = damaged(folder, kinds.index(kind) + 1)
        with pytest.raises(InputError) as caught:
            Session(folder)
        assert f"is whole up to {words}. To go on from there, add --mend" in str(caught.value)
        assert (folder / NAME).read_bytes() == before


def test_a_mended_session_goes_on_and_keeps_what_it_puts_aside(
    played_folder: Path, opened, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = [line["kind"] for line in entries((played_folder / NAME).read_bytes())]
    before = damaged(played_folder, kinds.index("closed"))
    assert main(["classroom", "--session", str(played_folder), "--no-browser"]) == 2
    assert "add --mend" in capsys.readouterr().err
    again = Session(played_folder, clock=opened.hand, mend=True)
    assert (again.state.phase, again.state.year) == ("deciding", 1)
    assert again.state.seats["sev"].committed is not None
    again.as_trainer(again.state.key).run_year()
    again.close()
    assert (played_folder / "journal.damaged-1.jsonl").read_bytes() == before
    third = Session(played_folder, clock=opened.hand)
    assert third.state.phase == "running"
    third.close()


def test_an_event_that_the_disk_does_not_take_has_not_happened(
    opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, after half a line or before its sync: one sentence, and the file as it was."""
    opened.join("sev")
    file = opened.session.folder / NAME
    before, version = file.read_bytes(), opened.session.version

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("tocsin.classroom.journal.os.fsync", full)
        with pytest.raises(InputError, match=r"cannot be written .*No space left"):
            opened.join("tal")
    assert file.read_bytes() == before and opened.session.version == version
    opened.join("tal")
    opened.session.close()
    assert Session(opened.session.folder).teams()["tal"] == "team tal"


def test_a_world_that_does_not_come_out_again_is_refused(opened, in_room) -> None:
    room = in_room(opened.session)
    opened.trainer.next_year()
    opened.trainer.run_year()
    room.advance()
    opened.session.close()
    journal = opened.session.folder / "journal.jsonl"
    lines = entries(journal.read_bytes())
    lines[-1]["data"]["fingerprint"] = "0" * 64
    journal.write_bytes(written(lines))
    with pytest.raises(InputError, match="another version"):
        Room(Session(opened.session.folder))
