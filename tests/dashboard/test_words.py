"""Words and colours: scenarios have a story, terms plain words, texts contrast."""

from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from tocsin.dashboard.pages.explore import SHADES
from tocsin.dashboard.pages.glossary import TERMS
from tocsin.dashboard.pages.inside import choices, subject
from tocsin.dashboard.pages.story import NOTICE, TRY, offered, story
from tocsin.dashboard.pages.tour import EXPLORE
from tocsin.dashboard.parts.charts import charts, moving_mean, packed
from tocsin.dashboard.parts.palette import COLOURS, PAIRS, contrast
from tocsin.experiments.telling import sentences
from tocsin.simulation.parameters import table as parameters
from tocsin.simulation.recording.events import KINDS
from tocsin.simulation.scenario.files import load, names
from tocsin.simulation.steering import LiveRun

import tocsin


@pytest.fixture(scope="module")
def live() -> LiveRun:
    run = LiveRun(load("baseline"), 2)
    run.step(60)
    return run


@pytest.mark.parametrize("name", names())
def test_every_scenario_is_offered_and_has_its_story(name: str) -> None:
    assert name in [choice["name"] for choice in offered()]
    told = story(load(name))
    assert told["question"].endswith("?")
    assert len(told["what"]) > 40
    for part in ("how", "notice", "try"):
        assert len(told[part]) >= 2
        assert all(len(line) > 20 for line in told[part])


def test_a_story_says_what_differs_from_the_parent() -> None:
    how = " ".join(story(load("more_capacity"))["how"])
    assert "30 million USD a year instead of 0 million USD a year" in how


class Whistles(tocsin.Mechanism):
    """Whistles that never sound."""

    class levers(tocsin.Group):  # noqa: N801
        """How often they would."""

        often: float = tocsin.lever(0.2, "Chance of each.", unit="probability", low=0, high=1)


def test_a_mechanism_that_the_parent_does_not_have_has_its_story(tmp_path: Path) -> None:
    file = tmp_path / "whistles.toml"
    file.write_text("""schema = 1
title = "x"
question = "x?"
author = "x"
description = "x"
parent = "baseline"
mechanisms = ["whistles"]
[whistles]
often = { value = 0.5, reason = "to hear them" }
""", encoding="utf-8")  # fmt: skip
    assert "Often: 0.5 (to hear them)." in story(load(str(file)))["how"]


def test_a_story_has_lines_for_every_group_of_levers() -> None:
    groups = {row.key.partition(".")[0] for row in parameters() if row.kind == "lever"}
    assert groups <= set(NOTICE) and groups - {"countries"} <= set(TRY)


def test_what_is_scheduled_is_told_in_its_order() -> None:
    how = story(load("operation_bayonet"))["how"]
    weeks = [int(line.split()[1]) for line in how if line.startswith("Weeks ")]
    assert len(weeks) == 3 and weeks == sorted(weeks)
    assert how[1].startswith("Dark net sales from Canada, Netherlands and Germany to ")


@pytest.mark.parametrize(
    ("sector", "told"),
    [
        ("CAN-net:victims", "Canada seizes 890 USD of dark net sales from network N27 among "
                            "victims in Canada."),
        ("NLD-net:hosting", "Canada seizes 890 USD of dark net sales from network N27 on "
                            "computers hosted in the Netherlands."),
    ],
)  # fmt: skip
def test_a_trade_without_a_map_has_its_own_words(sector: str, told: str) -> None:
    model = LiveRun(load("operation_bayonet"), 1).model
    event = sentences.LoggedEvent("x", 3, "seizure", "CAN", "CAN", sector, "N27", "dark_net_sales",
                            89_000.0, "")  # fmt: skip
    assert sentences.told(event, model) == told


def test_what_happens_has_plain_words() -> None:
    other = {"modus": "modus operandi", "missed": "watch", "delivery": "delivered",
             "report": "annual report", "ratified": "ratification",
             "leak noticed": "leak"}  # fmt: skip
    for kind in KINDS:
        assert other.get(kind, kind) in TERMS
    for term, meaning in TERMS.items():
        assert meaning.endswith(".")
        assert term.lower() == term


def test_every_event_is_a_sentence_and_can_say_why(live: LiveRun) -> None:
    rows = [sentences.LoggedEvent(*row) for row in live.model.world.log.since(1)]
    assert len({row.kind for row in rows}) >= 5
    for row in rows[-400:]:
        told = sentences.told(row, live.model)
        assert told.endswith(".")
        assert told[0].isupper() or told[0].isdigit()
        assert "None" not in told.replace("None of", "")
    watch = next(row for row in reversed(rows) if row.kind == "watch" and row.cause_id)
    assert sentences.why(live.model, watch.event_id)[0].startswith("Week ")
    assert sentences.why(live.model, "no-such-event")


def test_an_event_of_a_new_kind_is_a_sentence_too(live: LiveRun) -> None:
    strange = sentences.LoggedEvent("x", 3, "eclipse", "TAL", "TAL", "", "N01", "", None, "")
    assert sentences.told(strange, live.model).endswith(".")


@pytest.mark.parametrize("kind", [kind for kind, _ in sentences.FILTERS])
def test_the_feed_is_short_and_the_latest_comes_first(live: LiveRun, kind: str) -> None:
    found = sentences.feed(live.model, kind)
    assert len(found) <= sentences.SHOWN
    weeks = [event["week"] for event in found]
    assert weeks == sorted(weeks, reverse=True)


def test_everything_can_be_looked_into(live: LiveRun) -> None:
    before = live.fingerprint
    for kind, listed in choices(live.model).items():
        for number in range(len(listed)):
            found = subject(live.model, kind, number)
            assert found["title"] and found["facts"]
            for table in found["tables"]:
                assert all(len(row) == len(table["head"]) for row in table["rows"])
        assert subject(live.model, kind, len(listed)) == {}
        assert subject(live.model, kind, -1) == {}
    assert subject(live.model, "planet", 0) == {}
    graph = subject(live.model, "network", 3)["graph"]
    assert len(graph["nodes"]) == live.model.world.members.size[3]
    assert live.fingerprint == before


def test_charts_have_a_line_for_both_runs_and_all_weeks(live: LiveRun) -> None:
    shown = charts(live.model.parameters)
    assert len(packed(shown, live.columns, live.columns)) == 4 * 2 * len(shown) * live.week
    for chart in shown:
        assert chart.described()["meaning"]


def test_a_moving_mean_leaves_out_what_is_undefined() -> None:
    values = np.array([np.nan, 2.0, 4.0, np.nan, np.nan, np.nan])
    assert np.array_equal(
        moving_mean(values, 2), [np.nan, 2.0, 3.0, 4.0, np.nan, np.nan], equal_nan=True
    )


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_texts_have_contrast(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_pieces_put_text_in_as_text_and_ask_nothing_from_elsewhere() -> None:
    files = list((resources.files("tocsin.dashboard") / "web").iterdir())
    assert len(files) >= 10
    for file in files:
        text = file.read_text(encoding="utf-8")
        for unsafe in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert unsafe not in text, file.name
        assert "https://" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_the_tour_takes_two_minutes() -> None:
    words = sum(len(f"{title} {text}".split()) for _, title, text in EXPLORE)
    assert words / 130 < 2  # read aloud at 130 words a minute
    assert len(SHADES) == 3
