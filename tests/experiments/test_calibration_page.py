"""The page of a calibration says what was reached and what was not."""

import json

import pandas as pd
import pytest
from tocsin.experiments.methods.calibration_page import main, markdown
from tocsin.experiments.running.seals import FORMAT
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load

STUDY = {
    "title": "A fit", "question": "With how many officers?",
    "replications": {"at_least": 2, "at_most": 2},
    "task": {"scenario": "central_asia_2010"},
    "axes": {"countries.KAZ.officers": {"role": "assumption", "low": 20.0, "high": 800.0,
                                        "whole": False}},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    targets = [{"indicator": name, "value": 1.0, "tolerance": 0.1, "source": f"{name} of 2012"}
               for name in ("near", "market_price")]  # fmt: skip
    told = {"format": FORMAT, "study": STUDY, "targets": targets, "met": True}
    (tmp_path / "calibration.json").write_text(json.dumps(told))
    pd.DataFrame({"round": [0, 1], "distance": [3.0, 1.0], "points": [40, 60]}).to_csv(
        tmp_path / "rounds.csv", index=False
    )
    pd.DataFrame({"countries.KAZ.officers": [100.0, 120.0, 140.0]}).to_csv(
        tmp_path / "posterior.csv", index=False
    )
    pd.DataFrame({
        "indicator": ["near", "market_price"], "target": 1.0, "tolerance": 0.1,
        "median": [1.0, 0.6], "low": 0.5, "high": 1.2, "within": [0.9, 0.0],
        "fitted": [True, False],
    }).to_csv(tmp_path / "check.csv", index=False)  # fmt: skip
    return tmp_path


def test_what_is_missed_is_said(folder):
    text = markdown(folder)
    assert "60 points in 2 rounds" in text
    missed = text[text.index("## What it does not reach") : text.index("## What the figures leave")]
    assert "`market_price`: 0.6 instead of 1." in missed
    assert "`near`" not in missed
    officers = load("central_asia_2010").value("countries.KAZ.officers")
    assert f"| `countries.KAZ.officers` | 20 to 800 | {officers:g} |" in text
    assert "near of 2012" in text
    (folder / "docs").mkdir()
    assert main([str(folder), "--docs", str(folder / "docs")]) == 0
    assert (folder / "docs" / "calibration.md").read_text(encoding="utf-8") == text


def test_a_folder_without_a_calibration_is_a_sentence(tmp_path, capsys):
    with pytest.raises(InputError, match="no calibration is kept there"):
        markdown(tmp_path)
    assert main([str(tmp_path)]) == 2
    assert "no calibration" in capsys.readouterr().err
