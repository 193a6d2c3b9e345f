"""A link is a run card: it holds scenario, seed, levers and week, and is read with care."""

import pytest
from tocsin.dashboard.pages.compare import cards_query, read_cards
from tocsin.experiments.running.card import (
    LONGEST,
    Card,
    card_command,
    card_file,
    card_run,
    parse_card,
    query_of,
)
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load
from tocsin.simulation.steering import LiveRun, Move

MOVES = (
    Move(0, "capacity.funding_musd_per_year", 20.0),
    Move(0, "countries.TAL.member", False),
    Move(31, "intelligence.delay_weeks", 2),
    Move(31, "cooperation.mandates", ["share"]),
    Move(40, "capacity.allocation", "need"),
)


def test_a_link_says_what_it_was_made_of() -> None:
    query = query_of("baseline", 7, 52, MOVES)
    card = parse_card(f"http://127.0.0.1:8765/?{query}")
    assert card == Card("baseline", 7, 52, MOVES)
    assert parse_card(query) == card


def test_a_link_gives_the_run_it_was_taken_from() -> None:
    live = LiveRun(load("baseline"), 7)
    live.move("capacity.funding_musd_per_year", 20.0)
    live.step(15)
    live.move("cooperation.sharing", 0.9)
    live.step(10)
    again = card_run(parse_card(query_of("baseline", 7, live.week, live.moves)))
    again.go_to(25)
    assert again.fingerprint == live.fingerprint


def test_a_card_without_later_moves_is_one_command() -> None:
    card = parse_card("scenario=baseline&seed=3&week=104&move=0:cooperation.sharing:0.9")
    assert card_command(card) == (
        "tocsin run baseline --seed 3 --weeks 104 --set cooperation.sharing=0.9"
    )
    assert card_file(card) is None


def test_a_card_with_later_moves_comes_with_its_file() -> None:
    card = Card("baseline", 3, 104, (Move(53, "cooperation.sharing", 0.9),))
    assert card_command(card) == "tocsin run steered.toml --seed 3 --weeks 104"
    assert "week = 53" in (card_file(card) or "")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "seed=3",
        "scenario=baseline&seed=-1",
        "scenario=baseline&seed=1e3",
        "scenario=baseline&seed=99999999999",
        "scenario=baseline&seed=1&seed=2",
        "scenario=baseline&week=6000",
        "scenario=baseline&week=٣",
        "scenario=baseline&move=cooperation.sharing",
        "scenario=baseline&move=0:cooperation.sharing:",
        "scenario=baseline&move=0:cooperation.sharing:1\nseed = 2",
        "scenario=baseline&move=0:detection.hazard:0.2",
        "scenario=baseline&move=x:cooperation.sharing:0.2",
        "scenario=baseline&move=0:no.such:0.2",
        "scenario=baseline" + "&move=0:cooperation.sharing:0.2" * 201,
        "scenario=" + "a" * LONGEST,
    ],
)
def test_a_link_that_is_none_is_refused_in_a_sentence(query: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_card(query)
    assert str(refused.value).endswith(".")


def test_a_comparison_has_both_cards_in_one_link() -> None:
    first = Card("baseline", 5, 30, MOVES[:1])
    second = Card("all_three", 5, 30, (Move(0, "operations.patrol_budget", 2.0),))
    one, two = read_cards(cards_query(first, second))
    assert one == first
    assert (two.scenario, two.moves) == (second.scenario, second.moves)


def test_a_link_of_an_unknown_format_is_refused_and_one_without_a_number_is_read():
    assert parse_card("?scenario=baseline&seed=3") == parse_card(
        "?format=1&scenario=baseline&seed=3"
    )
    with pytest.raises(InputError, match="its format is 2, read here is 1"):
        parse_card("?format=2&scenario=baseline")
