"""Outcomes of any kind: the page of an analysis says what they are, and shows the rest."""

import html
import math
import re
import warnings
from dataclasses import replace

import numpy as np
import pytest
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import Design, Replications, Study
from tocsin.experiments.methods.calibration import Target, calibrate
from tocsin.experiments.running.engine import Here
from tocsin.experiments.running.notices import FigureWarning
from tocsin.experiments.running.sweep import sweep
from tocsin.experiments.telling import analysis
from tocsin.experiments.telling.analysis import page
from tocsin.experiments.unknowns.sensitivity import effects, morris_effects, response, sobol_indices
from tocsin.simulation.errors import InputError

from tocsin.cli import main

NEVER = float("nan")
ENDLESS = float("inf")


def _kinds(values, seed):
    """Outcomes of all kinds, of a point and its luck; `sound` is as it should be."""
    a, b = values["a"], values["b"]
    return {
        "sound": 3 * a + b + seed,
        "none": None,
        "endless": ENDLESS,
        "both": None if a < 0.5 else -ENDLESS,
        "word": "quiet <b>$5" if a < 0.5 else "loud",
        "partly": None if a < 0.5 and seed else 2 * b,
        "sometimes": ENDLESS if b > 0.7 else a,
        "up_and_down": (-1) ** seed * ENDLESS if b > 0.7 else a,
        "constant": 5.0,
        "alike": float((-1) ** seed),
        "lonely": 1.0 + seed if a < 0.1 and b < 0.1 else None,
        "huge": 1e308 * (a + b),
        "zero": 0.0,
        "tiny": 1e-320 * (1 + a),
        "large": 1e149 * (a - b),
        "seldom": float(a > 0.9),
    }


DESIGNS = {
    "grid": Design("grid", 4),
    "latin_hypercube": Design("latin_hypercube", 16),
    "sobol": Design("sobol", 8),
    "morris": Design("morris", 4),
}


@pytest.fixture(scope="module", params=list(DESIGNS))
def store(request, tmp_path_factory):
    study = Study(_kinds, (Axis("a", 0, 1), Axis("b", 0, 1)), DESIGNS[request.param],
                  Replications(3, 3), title="Kinds")  # fmt: skip
    return sweep(study, tmp_path_factory.mktemp(request.param) / "store", engine=Here())


def _quietly(store, names=()):
    """A page, made without any warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return page(store, names)


@pytest.fixture(scope="module")
def whole(store):
    """The page of all kinds."""
    return _quietly(store, list(_kinds({"a": 0.0, "b": 0.0}, 0)))


def _section(made, name):
    """The text of a section and the number of its figures, on a page where `sound` is shown."""
    assert not re.search(r"\b(nan|inf)\b", made)
    parts = made.split("<h2 ")
    first = next(part for part in parts if part.startswith(f'id="{name}"'))
    sound = next(part for part in parts if part.startswith('id="sound"'))
    assert sound.count("<svg") >= 3
    return html.unescape(re.sub(r"\s+", " ", first)), first.count("<svg")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none", r"none is undefined in all \d+ runs, so nothing can be computed from it\."),
        ("endless", r"endless is infinite in all \d+ runs, so nothing can be computed from it\."),
        ("both", r"both is undefined in \d+ and infinite in \d+ of \d+ runs, so nothing"),
        ("word", r'word is a text in all \d+ runs, so nothing .*"(loud|quiet <b>\$5)" in \d+'),
        ("constant", r"constant is 5 in all \d+ runs, so there is nothing to explain\."),
        ("tiny", r"tiny is \S+ in all \d+ runs, so there is nothing to explain\."),
        ("zero", r"zero is 0 in all \d+ runs, so there is nothing to explain\."),
    ],
)
def test_an_outcome_without_numbers_to_compare_is_said_and_the_rest_is_shown(whole, name, said):
    text, figures = _section(whole, name)
    assert re.search(said, text)
    assert figures == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("partly", r"partly is undefined in \d+ of \d+ runs; means are those of the other runs\."),
        ("sometimes", r"infinite in \d+ of \d+ runs; \d+ of \d+ points are left out as without a"),
        ("up_and_down", r"up_and_down is infinite in \d+ of \d+ runs; \d+ of \d+ points are left"),
    ],
)
def test_an_outcome_that_is_undefined_or_infinite_in_part_says_in_how_many_runs(whole, name, said):
    text, figures = _section(whole, name)
    assert re.search(said, text)
    assert figures >= 1


def test_means_that_are_all_alike_are_said(whole):
    text, _ = _section(whole, "alike")
    assert "The means of all points are the same, so there is nothing to explain." in text


def test_an_outcome_with_one_defined_point_is_said(tmp_path):
    study = Study(_kinds, (Axis("a", 0, 1), Axis("b", 0, 1)), Design("grid", 4), Replications(3, 3))
    store = sweep(study, tmp_path / "s", engine=Here())
    text, _ = _section(_quietly(store, ["lonely", "sound"]), "lonely")
    assert "lonely is undefined in 45 of 48 runs" in text
    assert "15 of 16 points are left out as without any." in text
    assert "Only one point has a finite mean, so points cannot be compared." in text


def test_values_too_large_to_be_squared_count_as_infinite(whole):
    text, _ = _section(whole, "huge")
    assert re.search(r"huge is infinite in (all \d+|\d+ of \d+) runs", text)


def test_the_whole_page_of_all_kinds_has_no_warning_and_no_nan(store, whole):
    assert not re.search(r"\b(nan|inf)\b", whole)
    assert not re.search(r"\d{20}", re.sub(r"<path[^>]*>|SHA-256.*", "", whole))
    assert "quiet &lt;b&gt;$5" in whole and "quiet <b>" not in whole
    assert _quietly(store).count("<h2 id=") == 6


def test_a_study_of_texts_alone_has_a_page(tmp_path):
    study = Study(_words, (Axis("a", 0, 1),), Design("grid", 3))
    made = page(sweep(study, tmp_path / "s", engine=Here()))
    assert "is a text in all 3 runs" in made


def _words(values, seed):
    return {"word": "yes" if values["a"] > 0.4 else "no"}


def _mixed(values, seed):
    return {"mixed": "many" if values["a"] > 0.6 else values["a"], "sound": values["a"]}


def _straight(values, seed):
    return {"sound": values["a"] + values.get("b", 0) + seed / 10}


def test_the_effect_of_the_only_axis_is_not_called_the_largest_of_one(tmp_path):
    for axes, said, other in (("a", "The effect of a is +1 ", "as the largest of"),
                              ("ab", "as the largest of 2", "The effect of a is")):  # fmt: skip
        study = Study(_straight, tuple(Axis(one, 0, 1) for one in axes), Design("grid", 3))
        made = page(sweep(study, tmp_path / axes, engine=Here()))
        assert said in made and other not in made
        assert ("An interaction is" in made) == (axes == "ab")


def test_a_text_among_numbers_is_said(tmp_path):
    study = Study(_mixed, (Axis("a", 0, 1),), Design("grid", 4))
    made = html.unescape(page(sweep(study, tmp_path / "s", engine=Here())))
    assert 'mixed is a text in all 4 runs, so nothing can be computed from it: "many" in 2' in made


def test_of_interest_may_be_what_is_infinite_but_not_a_text(store, capsys):
    for condition, words in (("sometimes>=0.5", "at least 0.5"), ("none<=1", "at most 1")):
        out = store.folder.parent / "page.html"
        assert main(["analyse", str(store.folder), "--interest", condition, "--out", str(out)]) == 0
        assert ("Where it happens" in out.read_text()) == (condition[0] == "s")
        assert words in out.read_text() or condition[0] == "n"
    assert main(["analyse", str(store.folder), "--interest", "word>=1"]) == 2
    assert "indicator 'word': a text in" in capsys.readouterr().err
    assert main(["analyse", str(store.folder), "--interest", "sound>=1e999"]) == 2
    assert "finite" in capsys.readouterr().err


def test_no_figure_can_cost_the_page_of_an_analysis(store, monkeypatch):
    def broken(*arguments):
        raise ValueError("Expected end of text, found '$'")

    names = [one for one in vars(analysis) if one.endswith("_figure")]
    assert len(names) == 6
    for name in names:
        monkeypatch.setattr(analysis, name, broken)
    with pytest.warns(FigureWarning, match="could not be drawn") as told:
        made = html.unescape(page(store, ["sound"]))
    assert "<svg" not in made and "Response table" in made
    assert made.count("could not be drawn (Expected end of text, found '$').") == len(told) >= 3


def test_indices_and_effects_of_what_no_two_points_differ_in_are_refused(store):
    with pytest.raises(InputError, match="no two differ"):
        effects(store, "constant")
    kind = store.manifest["study"]["design"]["kind"]
    for of, indices in (("sobol", sobol_indices), ("morris", morris_effects)):
        with pytest.raises(InputError, match="same mean" if kind == of else "its design is"):
            indices(store, "constant")
    with pytest.raises(InputError, match="a text in"):
        response(store, "word")


def test_the_response_of_a_point_with_an_infinite_run_rests_on_no_run(store):
    table = response(store, "sometimes")
    endless = store.points["b"].to_numpy() > 0.7
    assert (table["n"].to_numpy()[endless] == 0).all()
    assert np.isnan(table["mean"].to_numpy()[endless]).all()
    assert math.isclose(table["mean"].to_numpy()[~endless].max(),
                        store.points["a"].to_numpy()[~endless].max())  # fmt: skip


def test_a_calibration_to_figures_that_are_undefined_or_infinite_has_no_warning(tmp_path):
    study = Study(_kinds, (Axis("a", 0, 1), Axis("b", 0, 1)), replications=Replications(2, 2))
    targets = [Target("sound", 3.0, 1.0), Target("none", 1.0, 0.1), Target("endless", 1.0, 0.1),
               Target("sometimes", 0.5, 0.1, fitted=False)]  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = calibrate(study, targets, tmp_path / "fit", particles=10, rounds=1, engine=Here())
    check = made.check.set_index("indicator")
    assert not made.met and len(made.posterior) == 10
    assert check["median"].isna().tolist() == [False, True, True, False]
    assert check["within"].tolist()[1:3] == [0, 0]


def _marked(made):
    return re.findall(r'<h2 id="(\w+)">[^\n]*primary outcome', made)


def _shown(made):
    return re.findall(r'<h2 id="(\w+)">', made)


def test_an_analysis_shows_primary_outcomes_first_and_marks_them(tmp_path):
    study = Study(_kinds, (Axis("a", 0, 1),), Design("grid", 2), primary=("word", "zero"))
    store = sweep(replace(study, task=_along_a), tmp_path / "declared", engine=Here())
    assert _shown(page(store))[:3] == ["word", "zero", "sound"] and len(_shown(page(store))) == 6
    assert _marked(page(store)) == ["word", "zero"]
    assert _marked(page(store, ["sound", "zero"])) == ["zero"]
    with pytest.raises(InputError, match=r"primary was \['word', 'zero'\], is \['sound'\]"):
        sweep(replace(study, task=_along_a, primary=("sound",)), tmp_path / "declared",
              engine=Here())  # fmt: skip


def test_an_analysis_shows_headlines_first_where_none_is_declared(tmp_path):
    store = sweep(Study(_headlines, (Axis("a", 0, 1),), Design("grid", 2)), tmp_path / "s",
                  engine=Here())  # fmt: skip
    made = page(store)
    assert _shown(made) == ["delivered", "cost_total", "first"]
    assert _marked(made) == ["delivered", "cost_total"]


def _along_a(values, seed):
    return _kinds({"a": values["a"], "b": 0.0}, seed)


def _headlines(values, seed):
    return {"first": values["a"], "cost_total": values["a"], "delivered": values["a"]}
