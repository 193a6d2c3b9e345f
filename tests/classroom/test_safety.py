"""Who may do what: keys, codes, rates, names, secrets, and what stays out of other hands."""

import dataclasses
import itertools
import stat
from pathlib import Path

import pytest

from dashboard.classroom.security import (
    LENGTH,
    LETTERS,
    Limiter,
    TooManyTriesError,
    checked_name,
    new_code,
    screen_key,
    typed_code,
)
from simulation.errors import InputError


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


def test_a_million_tries_take_days_and_find_nothing(opened) -> None:
    """The allowed rate is measured, the chance follows from the number of codes."""
    hand, limiter = opened.hand, Limiter(opened.hand)
    start, answered = hand.now, 0
    addresses = itertools.cycle(f"10.1.{n // 250}.{n % 250}" for n in range(2000))
    while answered < 3000:
        try:
            limiter.allow(address := next(addresses))
        except TooManyTriesError:
            hand.now += 1
            continue
        limiter.failed(address)
        answered += 1
    days = (hand.now - start) / answered * 1e6 / 86_400
    assert days > 6
    to_hit = 21  # the session and twenty teams
    assert 1e6 * to_hit / len(LETTERS) ** LENGTH < 1e-4


def test_who_guesses_does_not_shut_out_the_class(opened) -> None:
    session = opened.session
    for _ in range(10):
        with pytest.raises(InputError, match="No session"):
            session.enter("AAAA-AAAA", "10.0.0.66")
    for code in ("AAAA-AAAA", session.state.code):
        with pytest.raises(TooManyTriesError, match="again in"):
            session.enter(code, "10.0.0.66")
    with pytest.raises(TooManyTriesError):
        session.as_trainer(session.state.key, "10.0.0.66")
    assert session.enter(session.state.code, "10.0.0.7") is None
    opened.hand.now += 61
    assert session.enter(session.state.code, "10.0.0.66") is None


def test_right_codes_cost_no_tries(opened) -> None:
    for _ in range(500):
        assert opened.session.enter(opened.session.state.code, "10.0.0.1") is None


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
