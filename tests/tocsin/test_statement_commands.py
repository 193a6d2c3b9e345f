"""The commands of a statement refuse in one sentence, and write whole results or none."""

import json
import re
import shlex
from types import SimpleNamespace

import pytest
from tocsin.experiments.comparing.output import read_comparison
from tocsin.experiments.running.seals import FORMAT
from tocsin.experiments.telling.findings import read_findings
from tocsin.simulation.scenario.files import load

from tocsin.cli import main, parser
from tocsin.commands.comparing import effort_of, repeats, with_effort

SHORT = ("--replications", "3", "--weeks", "20", "--workers", "1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("compare", "baseline", "all_three", "--until", "delivered"), "INDICATOR=NUMBER"),
        (("compare", "baseline", "all_three", "--until", "delivred=1"), "nearest: 'delivered'"),
        (("compare", "baseline", "all_three", "--until", "delivered=1", "--at-most", "5"),
         "from 20"),
        (("compare", "baseline", "all_three", "--report", "page.pdf"), r"ends in .html"),
        (("compare", "baseline", "all_three", "--group", "news"), "NAME=KEY,KEY"),
        (("compare", "baseline", "all_three", "--group", "law=legal.treaty"),
         "is the same in all scenarios; what differs is cooperation.sharing"),
        (("report", "nowhere"), "there is no manifest.json"),
        (("allocate", "baseline", "--budget", "0"), "above 0"),
        (("allocate", "baseline", "--budget", "9", "--indicators", "arrests"), "no split"),
        (("allocate", "baseline", "--budget", "9", "--weeks", "0"), "from 1"),
        (("allocate", "nobody", "--budget", "9"), "there is no such scenario"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_sentence(capsys, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert len(captured.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_run_makes_no_report(capsys, tmp_path):
    assert main(("run", "baseline", "--weeks", "5", "--out", str(tmp_path / "run"))) == 0
    capsys.readouterr()
    assert main(("report", str(tmp_path / "run"))) == 2
    assert "of kind 'run'" in capsys.readouterr().err


def test_a_report_is_kept_beside_its_comparison_and_needs_no_second_run(capsys, tmp_path):
    folder = tmp_path / "result"
    assert main(("compare", "baseline", "more_capacity", *SHORT, "--out", str(folder))) == 0
    effort = ("--worlds", "0", "--lever-pairs", "2", "--channel-pairs", "0", "--workers", "1")
    assert main(("report", str(folder), *effort)) == 0
    first = (folder / "report.html").read_bytes()
    assert main(("report", str(folder))) == 0
    assert (folder / "report.html").read_bytes() == first
    assert capsys.readouterr().out.endswith("report.html\n")
    assert not [file.name for file in folder.iterdir() if file.name.startswith(".")]


def test_groups_of_levers_stand_in_the_report_and_in_its_command(capsys, tmp_path):
    page = tmp_path / "page.html"
    group = "news=cooperation.sharing,intelligence.delay_weeks"
    effort = ("--worlds", "0", "--lever-pairs", "2", "--channel-pairs", "0", "--group", group)
    arguments = ("compare", "baseline", "all_three", *SHORT, *effort, "--report", str(page))
    assert main((*arguments, "--out", str(tmp_path / "out"))) == 0
    text = page.read_text(encoding="utf-8")
    assert "“news” stands for" in text
    assert f"--group {group}" in text
    found = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert found["attributions"][0]["parts"] == ["news", "capacity.funding_musd_per_year"]
    again = tmp_path / "again.html"
    assert main(("report", str(tmp_path / "out"), "--to", str(again))) == 0
    assert again.read_bytes() == page.read_bytes()


def test_an_allocation_as_json_adds_up(capsys):
    assert main(("allocate", "baseline", "--budget", "12", "--splits", "4", "--replications", "2",
                 "--weeks", "10", "--workers", "1", "--json")) == 0  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert found["budget"] == 12
    for one in found["splits"]:
        assert sum(one["money"].values()) == pytest.approx(12)
        assert {row["indicator"] for row in one["outcomes"]} == {
            "delivered", "networks_dismantled",
        }  # fmt: skip


def test_stopping_says_how_many_were_enough(capsys):
    wish = ("--until", "delivered=1e12", "--weeks", "10", "--workers", "1", "--json")
    assert main(("compare", "baseline", "more_capacity", *wish)) == 0
    captured = capsys.readouterr()
    assert "20 pairs were enough" in captured.err
    assert {row["n"] for row in json.loads(captured.out) if row["indicator"] == "delivered"} == {20}


def test_headline_levers_and_channels_of_one_report_have_one_total(tmp_path):
    """Same seeds, same total: by default a gap is divided over all pairs of its comparison."""
    folder = tmp_path / "c"
    names = ("baseline", "faster_intelligence", "all_three")
    assert (
        main(
            [
                "compare",
                *names,
                "--replications",
                "3",
                "--weeks",
                "60",
                "--workers",
                "1",
                "--worlds",
                "0",
                "--report",
                str(tmp_path / "r.html"),
                "--out",
                str(folder),
            ]
        )
        == 0
    )
    comparison, found = read_comparison(folder), read_findings(folder)
    assert found is not None and found.effort.lever_pairs == found.effort.channel_pairs == 3
    parts = {**{name: [one] for name, one in found.levers.items()}}
    for name, one in found.channels.items():
        parts[name].append(one)
    assert [len(ones) for ones in parts.values()].count(2) == 1  # the leader, by channel too
    for name, ones in parts.items():
        gap = comparison.row(name, "delivered")["difference"]
        for one in ones:
            rows = one.by_seed[one.by_seed.indicator == "delivered"]
            total = rows.groupby("seed").value.sum().reindex(list(comparison.seeds))
            assert total.mean() == pytest.approx(gap, rel=1e-9)


@pytest.mark.parametrize(
    "asked",
    [
        (),
        ("--worlds", "0"),
        ("--lever-pairs", "2", "--channel-pairs", "0"),
        ("--lever-pairs", "30", "--worlds", "7"),
        ("--group", "news=cooperation.sharing,intelligence.delay_weeks"),
    ],
)
def test_the_command_that_a_report_states_asks_for_the_same_effort(asked):
    given = ("compare", "baseline", "all_three", "--replications", "30", *asked)
    args = parser().parse_args(given)
    scenarios = [load(name) for name in ("baseline", "all_three")]
    effort = effort_of(args, scenarios, 30)
    found = SimpleNamespace(effort=effort, comparison=SimpleNamespace(seeds=range(30)))
    command = with_effort(repeats(args), found)  # pyright: ignore[reportArgumentType]
    again = parser().parse_args(shlex.split(command)[1:])
    assert effort_of(again, scenarios, 30) == effort
    assert effort_of(again, scenarios, 50).lever_pairs == (2 if "2" in asked else 50)
    assert repeats(again) == repeats(args)


def test_compare_prints_primary_rows_and_the_rest_with_all_both_with_the_same_numbers(capsys):
    def printed(*options):
        assert main(("compare", "baseline", "more_capacity", *SHORT, *options)) == 0
        return capsys.readouterr().out.splitlines()

    def names(lines):
        rows = [line for line in lines if re.match(r"  \w", line) and "which --all" not in line]
        return [line.split()[0] for line in rows]

    few, everything = printed("--primary", "delivered,seized"), printed(
        "--primary", "delivered,seized", "--all")  # fmt: skip
    assert names(few) == ["Delivered", "Seized"]
    assert names(everything)[:2] == names(few) and len(names(everything)) > 20
    hint = [line for line in few if "exploratory rows, which --all shows" in line]
    assert hint == [f"  and {len(names(everything)) - 2} exploratory rows, which --all shows"]
    cells = [line.split() for line in everything]  # its columns may be wider
    assert [line for line in few if line.split() not in cells] == hint


def test_the_findings_of_a_report_have_one_number_of_format(capsys, tmp_path):
    folder = tmp_path / "result"
    effort = ("--worlds", "0", "--lever-pairs", "2", "--channel-pairs", "0")
    page = ("--report", str(tmp_path / "r.html"), "--out", str(folder))
    assert main(("compare", "baseline", "more_capacity", *SHORT, *effort, *page)) == 0
    told = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert told["format"] == FORMAT and "form" not in told
    head = re.findall(r"<th scope=\"col\">([^<]*)</th>", (tmp_path / "r.html").read_text())
    assert head[:6] == ["Indicator", "Base", "Change", "95 % interval", "Would have found",
                        "Verdict"]  # fmt: skip
