"""Who may do what: keys, codes, rates, names, secrets, and what stays out of other hands."""

import contextlib
import dataclasses
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tocsin.classroom.security import (
    LENGTH,
    LETTERS,
    Limiter,
    TooManyTriesError,
    checked_name,
    new_code,
    screen_key,
    typed_code,
)
from tocsin.simulation.errors import InputError


def test_the_trainers_page_needs_its_own_key(opened) -> None:
    session = opened.session
    team = opened.join("sev").view().code
    for wrong in ("", session.state.code, team, session.state.key[:-1], session.state.key + "x"):
        with pytest.raises(InputError):
            session.as_trainer(wrong, wrong)
    assert session.as_trainer(session.state.key) is not None
    assert len(session.state.key) >= 22  # 128 bits in base 64


def test_the_key_of_the_big_screen_opens_only_that(opened) -> None:
    """The projector shows the address, so its key must be worth nothing to those who read it."""
    session = opened.session
    shown = screen_key(session.state.key)
    session.as_screen(shown)
    assert session.state.key not in shown and shown not in session.state.key
    for wrong in ("", session.state.key, session.state.code):
        with pytest.raises(InputError, match="not the key"):
            session.as_screen(wrong, wrong)
    with pytest.raises(InputError):
        session.as_trainer(shown, "10.0.0.1")
    with pytest.raises(InputError):
        session.enter(shown, "10.0.0.1")


def test_a_seat_that_floods_is_slowed_down_and_nobody_else(opened) -> None:
    sev, tal = opened.join("sev"), opened.join("tal")
    opened.trainer.next_year()
    with pytest.raises(InputError, match="too fast"):
        for step in range(1000):
            sev.move("countries.SEV.sharing", step % 2)
    before = opened.session.version
    assert before < 320
    tal.move("countries.TAL.sharing", 0.7)
    opened.hand.now += 30
    sev.move("countries.SEV.sharing", 0.3)
    assert opened.session.version == before + 2


def test_the_right_key_and_code_are_never_locked_out_of_their_address(opened) -> None:
    """A class sits behind one address: who guesses there must not shut out the others."""
    session, address = opened.session, "10.0.0.66"
    team = opened.join("sev").view().code
    for number in range(300):
        for enter in (session.enter, session.as_trainer, session.as_screen):
            with pytest.raises(InputError):
                enter(f"AAAA-{number:04}", address, f"page {number}")
    assert session.as_trainer(session.state.key, address, "page 7") is not None
    session.as_screen(screen_key(session.state.key), address, "page 7")
    assert session.enter(session.state.code, address, "a phone") is None
    assert session.enter(team, address, "another phone") is not None
    assert session.join(session.state.code, "late ones", "tal", address, "a phone") is not None


def test_a_page_that_guesses_has_to_wait(opened) -> None:
    session = opened.session
    for number in range(10):
        with pytest.raises(InputError, match="No session"):
            session.enter(f"AAAA-{number:04}", "10.0.0.66", "guesser")
    for code in ("AAAA-AAAA", session.state.code):
        with pytest.raises(TooManyTriesError, match="again in 6 seconds"):
            session.enter(code, "10.0.0.66", "guesser")
    assert session.enter(session.state.code, "10.0.0.66", "a neighbour") is None
    opened.hand.now += 6.1
    assert session.enter(session.state.code, "10.0.0.66", "guesser") is None


def test_each_further_try_from_a_busy_address_needs_a_page_of_its_own(opened) -> None:
    """Sixty wrong codes of one address in a minute; then a page that guesses has one try."""
    limiter, typed = Limiter(opened.hand), iter(range(10**6))

    def tries(address: str, page: str) -> int:
        for number in range(100):
            try:
                limiter.allow(page)
            except TooManyTriesError:
                return number
            with contextlib.suppress(TooManyTriesError):
                limiter.failed(address, page, str(next(typed)))
        return 100

    assert [tries("10.0.0.1", f"page {n}") for n in range(12)] == [10] * 6 + [1] * 6
    assert [tries("10.0.0.2", f"other {n}") for n in range(8)] == [10] * 3 + [5] + [1] * 4
    assert [tries(f"10.1.0.{n}", f"third {n}") for n in range(4)] == [1] * 4
    opened.hand.now += 60
    assert tries("10.0.0.1", "page 0") == 10


def test_the_tries_of_a_lesson_find_nothing(opened) -> None:
    """What the text in `security` says, from the number of codes."""
    tries, to_hit = 20 * 60 * 90, 21  # pages a second; the session and twenty teams
    assert tries * to_hit / len(LETTERS) ** LENGTH < 4e-6


def test_one_wrong_code_again_and_again_uses_up_nothing(opened) -> None:
    """Pages that were left open on the code of a team that has gone."""
    limiter = Limiter(opened.hand)
    for number in range(50):
        limiter.failed("10.0.0.1", f"page {number}", "ABCD-EFGH")
    limiter.failed("10.0.0.1", "somebody", "an honest mistake")
    for _ in range(9):
        limiter.allow("somebody")
        limiter.failed("10.0.0.1", "somebody", "an honest mistake")


def test_the_limiter_remembers_no_end_of_pages(opened) -> None:
    limiter = Limiter(opened.hand)
    for number in range(20_000):
        with contextlib.suppress(TooManyTriesError):
            limiter.failed(f"10.0.0.{number % 250}", f"page {number}", f"code {number}")
    assert len(limiter._buckets) <= limiter.most_buckets + 3


def test_right_codes_cost_no_tries(opened) -> None:
    for _ in range(500):
        assert opened.session.enter(opened.session.state.code, "10.0.0.1", "a page") is None


def test_codes_are_drawn_from_all_letters() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert set("".join(codes)) - {"-"} == set(LETTERS)  # false alarm: 30 * (29/30)**16000 < 1e-200


def test_a_code_may_be_typed_as_people_type(opened) -> None:
    code = opened.session.state.code
    for typed in (code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert opened.session.enter(typed) is None
    assert len(typed_code("x" * 10_000)) < 50


def test_a_team_cannot_act_for_another(opened) -> None:
    sev, tal = opened.join("sev"), opened.join("tal")
    opened.trainer.next_year()
    with pytest.raises(InputError, match="no lever of your seat"):
        sev.move("countries.TAL.sharing", 0.0)
    with pytest.raises(InputError, match="not a lever of Sevrin"):
        sev.commit({**sev.view().draft, "countries.TAL.sharing": 0.0}, {})
    assert tal.view().draft == {"countries.TAL.sharing": 0.5}
    with pytest.raises(InputError, match="is taken"):
        opened.join("tal", "others")
    with pytest.raises(InputError, match="has this name"):
        opened.join("igo", "TEAM SEV")
    with pytest.raises(InputError, match="code of a team"):
        opened.session.join(sev.view().code, "others", "igo")


def test_a_team_sees_nothing_of_others(opened) -> None:
    sev, tal = opened.join("sev"), opened.join("tal", "the quiet ones")
    opened.trainer.next_year()
    tal.move("countries.TAL.sharing", 0.123)
    tal.commit(tal.view().draft, {"flow": 4_242_424, "rate": 0.987})
    seen = repr(dataclasses.asdict(sev.view()))
    for secret in (tal.view().code, opened.session.state.code, opened.session.state.key,
                   "0.123", "4242424", "0.987", "quiet", "TAL"):  # fmt: skip
        assert secret not in seen
    assert sev.view().ready == 1 and sev.view().teams == 2


def test_a_removed_team_is_out_at_once_and_for_good(opened) -> None:
    desk = opened.join("sev")
    code = desk.view().code
    opened.trainer.next_year()
    opened.trainer.remove("sev")
    for act in (desk.view, desk.withdraw, lambda: desk.move("countries.SEV.sharing", 1.0)):
        with pytest.raises(InputError, match="no longer"):
            act()
    with pytest.raises(InputError, match="No session"):
        opened.session.enter(code)
    again = opened.join("sev", "newcomers")
    assert again.view().code != code
    with pytest.raises(InputError, match="no longer"):
        desk.view()


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 25, "a\u202eb", "a\x00b", "\u200b", 7, None, ["x"], "x" * 100_000]
)
def test_a_name_is_short_and_printable(name: object) -> None:
    with pytest.raises(InputError, match=r"^name: "):
        checked_name(name)


def test_names_are_kept_as_text() -> None:
    assert checked_name("  <b>Ada</b> \n & co ") == "<b>Ada</b> & co"
    assert checked_name("Çağrı и друзья") == "Çağrı и друзья"


def test_the_journal_is_for_its_owner_only(opened) -> None:
    journal = opened.session.folder / "journal.jsonl"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(opened.session.folder).stat().st_mode) == 0o700


JUMP = """
import sys, time
true, set_by = time.time, [0.0]
time.time = lambda: true() + set_by[0]
from pathlib import Path
from tocsin.classroom.session import Session
session = Session(Path(sys.argv[2]), sys.argv[1])
desk = session.as_trainer(session.state.key)
desk.next_year(10)
for jump in (3600.0, -86_400.0, 1e9):
    set_by[0] += jump
    session.tick()
    assert session.state.phase == "deciding", jump
    assert 500 < session.seconds_left() <= 600, (jump, session.seconds_left())
for number in range(12):
    try:
        session.enter(f"AAAA-{number}", "", "page")
    except Exception as wrong:
        said = str(wrong)
    set_by[0] += 1e6
assert "again in" in said, said
"""


def test_the_clock_of_a_class_does_not_follow_the_clock_of_the_machine(tmp_path: Path) -> None:
    """The machine's clock is set by an hour, a day back and thirty years: nothing happens."""
    trial = Path(__file__).with_name("trial.toml")
    done = subprocess.run(
        [sys.executable, "-c", JUMP, str(trial), str(tmp_path / "session")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
