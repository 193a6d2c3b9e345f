"""The planner's hour of the docs, command by command, with fewer and shorter runs."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tocsin.cli import main

TEXT = (Path(__file__).parents[2] / "docs" / "planner.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|toml)\n(.*?)```", TEXT, re.DOTALL)
SMALLER = {"--replications": "3", "--at-most": "20", "--worlds": "4", "--until": "delivered=1e12"}
FEWER = {
    "compare": ["--weeks", "30", "--workers", "1"],
    "report": ["--lever-pairs", "2", "--channel-pairs", "2", "--worlds", "4", "--workers", "1"],
    "allocate": ["--splits", "9", "--replications", "2", "--weeks", "20", "--workers", "1"],
}


def shorter(line):
    """The command with less work, and nothing else changed."""
    words = shlex.split(line)[1:]
    for option, value in SMALLER.items():
        if option in words:
            words[words.index(option) + 1] = value
    extra = FEWER.get(words[0], [])
    pairs = zip(extra[::2], extra[1::2], strict=True)
    return words + [word for pair in pairs if pair[0] not in words for word in pair]


@pytest.fixture(scope="module")
def hour(tmp_path_factory):
    """Everything that the commands print, by command line, and the folder they wrote into."""
    folder = tmp_path_factory.mktemp("hour")
    said = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for kind, block in BLOCKS:
            if kind == "toml":
                Path("mine.toml").write_text(block, encoding="utf-8")
                continue
            for line in block.strip().splitlines():
                said[line] = main(shorter(line))
    return said, folder


def test_every_command_works(hour):
    said, _ = hour
    assert len(said) == 8
    assert set(said.values()) == {0}


def test_the_hour_leaves_a_report_with_a_flip_section_and_three_sentences(hour):
    _, folder = hour
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "News first, training later" in page
    assert "What would have to be true for it to flip" in page
    answer = page.split('class="answer"')[1].split("</section>")[0]
    assert answer.count("<p>") == 3
    found = json.loads((folder / "result" / "findings.json").read_text(encoding="utf-8"))
    mine = next(one for one in found["attributions"] if one["scenario"] == "mine")
    assert "capacity.funding_musd_per_year" in mine["parts"]
    assert not found["notes"]


def test_the_guide_names_what_was_measured():
    assert "COVERAGE" not in TEXT
    assert "PAIRING" not in TEXT
    assert "one pair is worth" in TEXT
