"""Text of people is no markup: one nasty title through figures, tables, pages, bars and files."""

import argparse
import io
import re
import shlex
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import html5lib
import pandas as pd
import pytest
from markdown_it import MarkdownIt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from tocsin.dashboard.classroom.pieces import rendered
from tocsin.dashboard.pages.story import story
from tocsin.experiments.comparing.annual import report_text
from tocsin.experiments.comparing.comparison import Comparison, compare
from tocsin.experiments.comparing.output import for_sheets, write_table
from tocsin.experiments.telling import analysis_figures, figures
from tocsin.experiments.telling.findings import Effort, find_out
from tocsin.experiments.telling.report import render
from tocsin.simulation.mechanisms.cooperation.evaluation import AnnualReport
from tocsin.simulation.recording.markdown import as_written
from tocsin.simulation.scenario.files import load

from tocsin.cli import main
from tocsin.commands.comparing import in_words, repeats
from tocsin.commands.running import progress_bar
from tocsin.commands.sweep import progress_lines

NASTY = (
    "Pay $5m (10 %) or $10m_{x}^2 [bold]x[/bold] [/] :smile: <b>&amp; </b> | `code` {0} {{ y }} %s "
    "\\alpha *a* _b_ ~c~ #d \"q\" 's' 😀 Быстрее أسرع 更快"
)
TITLES = [NASTY, "$", "$x_{", "[/]", "{", "%", "<b>", "&lt;", "# x", "1. x", "- x", "=1+1", "a|b",
          "two\nlines", "`", "\\"]  # fmt: skip


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    scenarios = [replace(load(name), title=NASTY) for name in ("baseline", "more_capacity")]
    return compare(scenarios, 3, weeks=30, workers=1)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_stands_as_written_in_every_figure(comparison, title, tmp_path):
    base, other = (replace(one, title=title) for one in comparison.scenarios)
    named = replace(comparison, scenarios=(base, other))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing is said to the user about glyphs either
        for number, figure in enumerate((
            figures.effects(named), figures.flow_map(named, other.name),
            figures.flow_change(named, other.name),
        )):  # fmt: skip
            figures.save(figure, tmp_path / f"{number}.png")
            said = " ".join(_flat(one.get_text()) for one in figure.findobj(Text)
                            if isinstance(one, Text))  # fmt: skip
            assert _flat(title).strip() in said or title == NASTY
            assert "$5m (10 %) or $10m_{x}^2" in said or title != NASTY
            assert (tmp_path / f"{number}.png").stat().st_size > 1000


@pytest.mark.parametrize("title", [NASTY, "$x_{", "<b>&"])
def test_a_term_stands_as_written_in_the_figures_of_an_analysis(title):
    table = pd.DataFrame({
        "term": [title, "b"], "kind": ["main", "interaction"], "effect": [1.0, 2.0],
        "low": [0.5, 1.0], "high": [1.5, 3.0],
    })  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = analysis_figures.svg(analysis_figures.effects_figure(table, title))
    page = html5lib.parseFragment(svg, namespaceHTMLElements=False)
    said = _flat(" ".join(page.itertext()))
    assert _flat(title) in said


def test_a_figure_that_its_user_draws_has_its_title_as_written_too(comparison):
    figure = figures.effects(comparison)
    FigureCanvasAgg(figure).draw()  # outside of `save`
    assert not any(one.get_parse_math() for one in figure.findobj(Text)
                   if isinstance(one, Text) and "$" in one.get_text())  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("bar", ["bar", "lines"])
def test_a_progress_bar_shows_a_title_as_written(monkeypatch, title, bar):
    screen = io.StringIO()
    screen.isatty = lambda: True  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("TERM", "xterm")
    if bar == "bar":
        with progress_bar(title, 10) as progress:
            progress(3)
    else:
        with progress_lines(title) as told:
            told(3, 10)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert _flat(title).strip() in _flat(plain)


@pytest.mark.parametrize("title", TITLES)
def test_an_annual_report_shows_a_title_as_written(title):
    report = AnnualReport(1, {"operations": 2}, {"delivered": (1000.0, None, None)}, {}, {}, None,
                          {"SEV": 1.0}, (title,))  # fmt: skip
    text = report_text(report, replace(load("baseline"), title=title))
    page = MarkdownIt("commonmark").enable("table").enable("strikethrough").render(text)
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    seen = [_flat("".join(one.itertext())) for one in tree.iter("p")]
    assert f"Scenario: {_flat(title).strip()}. The books" in " ".join(seen)
    items = [_flat("".join(one.itertext())).strip() for one in tree.iter("li")]
    assert _flat(title).strip() in items
    assert len(list(tree.iter("h1"))) == 1


@pytest.mark.parametrize("title", TITLES)
def test_markdown_of_a_text_reads_as_the_text(title):
    page = MarkdownIt("commonmark").render(as_written(title))
    assert "".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).strip() == (
        _flat(title).strip()
    )


def test_a_report_shows_a_title_as_written(comparison):
    page = render(find_out(comparison, Effort(2, 0, 0), workers=1), "tocsin compare a b")
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    said = _flat(" ".join(one for one in tree.itertext()))
    assert said.count(NASTY) >= 3
    assert "<b>&amp;" not in page


def test_a_printed_table_shows_a_title_as_written(comparison):
    assert NASTY in in_words(comparison)


def test_a_story_and_a_page_of_a_class_show_a_title_as_written():
    assert load("baseline").question in story(load("baseline"))["question"]
    page = rendered("table.html", rows=[{"title": NASTY, "team": NASTY, "points": [None],
                                         "total": None, "place": "1"}], years=range(1, 2),
                    lucks=16, waiting=[1], ranked=True)  # fmt: skip
    said = _flat(" ".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()))
    assert NASTY in said


def test_the_command_that_repeats_a_comparison_is_read_back_as_it_was():
    names = ["it's $HOME.toml", "a b;rm -rf x.toml", "`id`.toml", "=x.toml"]
    options = argparse.Namespace(
        base=names[0], others=names[1:], replications=2, until=None, at_most=None, seed=0,
        weeks=None, primary=None, different_maps=False, mechanisms=[], settings=["a=%s $b"],
    )  # fmt: skip
    words = shlex.split(repeats(options))
    assert words[2:6] == names
    assert words[-1] == "a=%s $b"


@pytest.mark.parametrize("name", ["100%s.toml", "%(prog)s", "{0}", "[bold]x", "$x"])
def test_a_name_in_a_fault_stands_as_written(name, capsys):
    assert main(["run", name]) == 2
    assert name in capsys.readouterr().err


def test_a_spreadsheet_takes_no_text_for_a_formula(tmp_path: Path):
    table = pd.DataFrame({"scenario": ["=1+1", "+x", "-x", "@x", "plain", None],
                          "value": [-1.5, 2.0, 0.0, -3.0, 1.0, 2.0]})  # fmt: skip
    write_table(table, tmp_path / "table")
    lines = (tmp_path / "table.csv").read_text().splitlines()
    assert lines[1:5] == ["'=1+1,-1.5", "'+x,2.0", "'-x,0.0", "'@x,-3.0"]
    assert pd.read_parquet(tmp_path / "table.parquet").scenario[0] == "=1+1"
    assert for_sheets(table).scenario[4] == "plain"


def test_the_words_better_and_worse_of_one_run_are_marked_as_one_runs():
    from tocsin.dashboard.parts.charts import ONE_RUN
    from tocsin.dashboard.parts.widgets import ChartsPiece, script

    piece = ChartsPiece()
    assert piece.note == ONE_RUN
    assert "this one run" in ONE_RUN and "Is it luck?" in ONE_RUN
    source = str(script("charts.js"))
    assert 'model.get("note")' in source and "in this run" in source
    piece.close()
