"""Study files: what is shipped is well formed, what is wrong is one sentence."""

import re
from pathlib import Path

import pytest

from experiments.design import Axis
from experiments.study import values_of
from experiments.study_files import read, shipped
from simulation.errors import InputError

HEAD = """
schema = 1
title = "T"
question = "Q?"
author = "A"
base = "baseline"
weeks = 10
indicators = ["delivered"]
"""
LEVER = '[levers]\n"cooperation.sharing" = { low = 0.0, high = 1.0, reason = "r" }\n'


def _read(folder, text):
    path = folder / "mine.toml"
    path.write_text(text)
    return read(path)


@pytest.mark.parametrize("name", shipped())
def test_shipped_studies_are_well_formed(name):
    study = read(name)
    assert len(study.points()) > 1
    assert study.question.endswith("?")
    assert set(study.reasons) == {axis.key for axis in study.axes}
    for axis in study.axes:
        assert (axis.key in study.levers) != study.reasons[axis.key].startswith("assumption")


def test_the_example_of_the_documentation_is_well_formed(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "studies.md").read_text(encoding="utf-8")
    example, *others = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(_read(tmp_path, example).points()) == 100
    rule = next(text for text in others if "half_width" in text)
    ruled = example[: example.index("[replications]")] + rule
    assert _read(tmp_path, ruled).replications.at_most == 16


def test_keys_may_be_written_with_or_without_quotes(tmp_path):
    bare = LEVER.replace('"cooperation.sharing"', "cooperation.sharing")
    axes = (Axis("cooperation.sharing", 0, 1),)
    assert _read(tmp_path, HEAD + LEVER).axes == _read(tmp_path, HEAD + bare).axes == axes


def test_a_list_comes_from_a_file(tmp_path):
    (tmp_path / "points.csv").write_text(
        "cooperation.sharing,capacity.allocation,countries.ARV.officers\n0.2,need,100\n1,equal,5\n"
    )
    study = _read(tmp_path, HEAD + '[design]\nkind = "list"\nfile = "points.csv"\n')
    points = study.points()
    assert values_of(points, 1) == {"cooperation.sharing": 1.0, "capacity.allocation": "equal",
                                    "countries.ARV.officers": 5.0}  # fmt: skip
    assert study.levers == ("cooperation.sharing", "capacity.allocation")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD.replace("schema = 1", "schema = 2"), "allowed is 1"),
        ("", "schema: missing; write schema = 1"),
        (HEAD.replace("title", "titel"), "nearest: 'title'"),
        (HEAD.replace('question = "Q?"', ""), "question: missing"),
        (HEAD.replace("baseline", "basline"), "nearest: 'baseline'"),
        (HEAD.replace("delivered", "deliverd"), "nearest: 'delivered'"),
        (HEAD.replace("weeks = 10", "weeks = 0"), "whole number from 1"),
        (HEAD + LEVER.replace(', reason = "r"', ""), "no reason is given"),
        (HEAD + LEVER.replace("levers", "assumptions"), "of kind lever"),
        (HEAD + LEVER.replace("sharing", "sharring"), "nearest: 'sharing'"),
        (HEAD + LEVER.replace("high = 1.0", "high = 1.5"), "from 0 to 1"),
        (HEAD + LEVER.replace("high = 1.0", "values = [1.0]"), "not both"),
        (HEAD + LEVER.replace("high", "hihg"), "nearest: 'high'"),
        (HEAD + LEVER + '[design]\nkind = "sobel"', "nearest: 'sobol'"),
        (HEAD + LEVER + '[design]\nkind = "sobol"', "n: missing"),
        (HEAD + LEVER + '[design]\nkind = "sobol"\nn = 12', "power of two"),
        (HEAD + LEVER + '[design]\nkind = "list"\nfile = "x.csv"', "take the tables"),
        (HEAD + '[design]\nkind = "list"\nfile = "x.csv"', "not a CSV file"),
        (HEAD + LEVER + "[replications]\nnumber = 0", "from 1"),
        (HEAD + LEVER + "[replications]\nhalf_width = 0.1", "indicator: missing"),
        (HEAD + LEVER + "[replications]\nnumber = 3\nat_most = 5", "not both"),
        (HEAD + '[posterior]\nfile = "nothing.csv"', "not a CSV file"),
        (HEAD + "levers = 3", "not a table"),
        ("not toml at all", "not valid TOML"),
    ],
)
def test_a_broken_study_is_one_sentence(text, words, tmp_path):
    with pytest.raises(InputError) as refused:
        _read(tmp_path, text)
    assert words in str(refused.value)
    assert str(refused.value).startswith("mine.toml: ")
    assert "\n" not in str(refused.value)


def test_a_study_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="nearest: 'meridian_levers'"):
        read("meridian_lever")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.toml")
