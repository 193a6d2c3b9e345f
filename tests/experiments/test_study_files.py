"""Study files: what is shipped is well formed, what is wrong is one sentence."""

import re
from pathlib import Path

import pytest
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import values_of
from tocsin.experiments.design.study_files import read, shipped
from tocsin.simulation.errors import InputError

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
        (HEAD + LEVER + '[design]\nkind = "morris"\ntrajectories = 200_000', "points are too many"),
        (HEAD + LEVER + '[design]\nkind = "sobol"\nn = 9223372036854775807', "from 2 to 200000"),
        (HEAD + LEVER + '[design]\nkind = "list"\nfile = "x.csv"', "take the tables"),
        (HEAD + '[design]\nkind = "list"\nfile = "x.csv"', "x.csv: there is no such file"),
        (HEAD + LEVER + "[replications]\nnumber = 0", "from 1"),
        (HEAD + LEVER + "[replications]\nhalf_width = 0.1", "indicator: missing"),
        (HEAD + LEVER + "[replications]\nnumber = 3\nat_most = 5", "not both"),
        (HEAD + '[posterior]\nfile = "nothing.csv"', "nothing.csv: there is no such"),
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


LIST = HEAD + '[design]\nkind = "list"\nfile = "points.csv"\n'
TWO = [
    {"cooperation.sharing": 0.5, "intelligence.delay_weeks": 2},
    {"cooperation.sharing": 1.0, "intelligence.delay_weeks": 12},
]


@pytest.mark.parametrize(
    "text",
    [
        "cooperation.sharing,intelligence.delay_weeks\n.5,2.0\n1,12.0\n",
        "\ufeffcooperation.sharing,intelligence.delay_weeks\r\n.5,2\r\n1.,012\r\n",
        "cooperation.sharing;intelligence.delay_weeks\n0,5;2,0\n1;12\n",
        "sep=;\ncooperation.sharing;intelligence.delay_weeks\n,5;2\n1,0;12\n",
        "cooperation.sharing\tintelligence.delay_weeks\n0,5\t2\n1\t12\n",
        "cooperation.sharing,intelligence.delay_weeks\n0.5,2\n\n1,12\n,\n , \n\n",
        "\n,\ncooperation.sharing,intelligence.delay_weeks,,\n5e-1,2,,\n1,1.2e1,,\n,,,\n",
        '"cooperation.sharing", "intelligence.delay_weeks"\n"0.5","2"\n1, 12\n',
    ],
    ids=[
        "pandas",
        "mark",
        "decimal comma",
        "Excel",
        "tabs",
        "blank rows",
        "blank columns",
        "quotes",
    ],
)
def test_a_list_is_read_as_other_programs_write_it(text, tmp_path):
    (tmp_path / "points.csv").write_text(text, encoding="utf-8", newline="")
    points = _read(tmp_path, LIST).points()
    assert [values_of(points, row) for row in range(len(points))] == TWO


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "cooperation.sharing,cooperation.sharing\n0.1,0.2\n",
            "line 1: cooperation.sharing has two columns",
        ),
        (
            "pairs.ARV-SEV.trust,pairs.SEV-ARV.trust\n0.1,0.2\n",
            "line 1: pairs.ARV-SEV.trust has two columns",
        ),
        (",cooperation.sharing\n0,0.1\n", "line 1: column 1 has no key"),
        ("cooperation.sharing\n0,5\n", "line 2: 2 values for 1 keys; a decimal sign is a point"),
        ("cooperation.sharing,intelligence.delay_weeks\n0.1\n", "line 2: 1 values for 2 keys"),
        (
            "cooperation.sharing,intelligence.delay_weeks\n0.1,\n",
            "line 2: intelligence.delay_weeks: the cell is empty; allowed is a whole number",
        ),
        ("intelligence.delay_weeks\n2.5\n", "= 2.5: not a whole number"),
        ("cooperation.sharing\nnan\n", "line 2: cooperation.sharing: value = nan: not a finite"),
        ("cooperation.sharing\n" + "9" * 5000 + "\n", "too large"),
        ("cooperation.sharing\n" + "9" * 200_000 + "\n", "line 2: not a line of a list"),
        ('cooperation.sharing\n"0.5\n', "line 2: not a line of a list"),
        ("\n ,\n", "the file is empty"),
        ("cooperation.sharing\n\n", "it holds no points"),
        ("a;b\n1;2\n", "there is no group 'a'"),
    ],
)
def test_a_broken_list_is_one_sentence(text, words, tmp_path):
    (tmp_path / "points.csv").write_text(text, encoding="utf-8", newline="")
    with pytest.raises(InputError) as refused:
        _read(tmp_path, LIST)
    assert words in str(refused.value)
    assert str(refused.value).startswith("mine.toml: ")
    assert "points.csv" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_a_list_in_another_encoding_is_one_sentence(tmp_path):
    (tmp_path / "points.csv").write_bytes("cooperation.sharing\n1\n".encode("utf-16"))
    with pytest.raises(InputError, match=r"points\.csv: the text is in UTF-16; save it as UTF-8"):
        _read(tmp_path, LIST)


def test_primary_outcomes_of_a_study_are_declared_or_come_from_its_scenario(tmp_path):
    both = HEAD.replace('["delivered"]', '["delivered", "seized"]')
    assert _read(tmp_path, both + LEVER).primary == ()
    declared = _read(tmp_path, both + LEVER + '[primary]\noutcomes = ["seized"]\n')
    assert declared.primary == ("seized",)
    assert declared.described()["primary"] == ["seized"]
    (tmp_path / "base.toml").write_text(
        'schema = 1\ntitle = "B"\nquestion = "Q?"\nauthor = "A"\ndescription = "D"\n'
        'parent = "baseline"\n[primary]\noutcomes = ["arrests", "seized"]\n'
    )
    inherited = both.replace('base = "baseline"', 'base = "base.toml"')
    assert _read(tmp_path, inherited + LEVER).primary == ("seized",)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ('[primary]\noutcomes = ["deliverd"]', "nearest: 'delivered'"),
        ('[primary]\noutcomes = ["arrests"]', "not an outcome that the study keeps"),
        ("[primary]\noutcomes = []", "not a list of names"),
        ("[primary]\noutcomes = [1]", "not a name"),
        ('[primary]\noutcomes = ["delivered", "delivered"]', "named twice"),
        ('[primary]\noutcome = ["delivered"]', "nearest: 'outcomes'"),
    ],
)
def test_a_fault_of_primary_in_a_study_is_one_sentence(tmp_path, stated, words):
    with pytest.raises(InputError) as told:
        _read(tmp_path, HEAD + LEVER + stated + "\n")
    said = str(told.value)
    assert said.startswith("mine.toml: primary.outcome") and words in said
    assert len(said.splitlines()) == 1
