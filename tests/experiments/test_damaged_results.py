"""Damaged folders of results: a comparison or a run reads the same, or one sentence says why."""

import json
import random
import shutil

import pandas as pd
import pytest
from tocsin.dashboard.pages.results import KeptResult, content
from tocsin.experiments.comparing.output import read_comparison, read_run, write_comparison
from tocsin.experiments.running.seals import FORMAT, sealed, unsealed
from tocsin.experiments.telling.findings import read_findings
from tocsin.simulation.errors import InputError
from tocsin.simulation.state import FINGERPRINT_FORMAT

from tocsin.cli import main

PAIRS = ("baseline", "all_three", "--replications", "2", "--weeks", "5", "--workers", "1")
LITTLE = ("--worlds", "3", "--lever-pairs", "2", "--channel-pairs", "0")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    home = tmp_path_factory.mktemp("results")
    assert main(("compare", *PAIRS, "--out", str(home / "comparison"))) == 0
    assert main(("report", str(home / "comparison"), *LITTLE, "--workers", "1")) == 0
    assert main(("run", "baseline", "--weeks", "5", "--out", str(home / "run"))) == 0
    return home


def _shown(kind, folder):
    """What every reader of a folder makes of it."""
    item = content(KeptResult(kind, folder, "x"))
    if kind == "run":
        return item, read_run(folder)[0].to_csv()
    found = read_findings(folder)
    assert found is not None
    read = read_comparison(folder)
    return item, read.table.to_csv(), read.seeds, str(found.levers), str(found.robustness)


def _same_or_said(kind, folder, reference):
    try:
        shown = _shown(kind, folder)
    except InputError as wrong:
        assert str(wrong) and "\n" not in str(wrong) and "Traceback" not in str(wrong)
        return False
    assert shown == reference
    return True


@pytest.mark.parametrize(("kind", "most"), [("comparison", 60), ("run", 16)])
def test_one_flipped_bit_in_a_result_changes_nothing_unsaid(kind, most, made, tmp_path):
    folder = tmp_path / kind
    shutil.copytree(made / kind, folder)
    reference, chance = _shown(kind, folder), random.Random(4)
    told = 0
    for path in sorted(folder.glob("*")):
        if path.suffix not in (".json", ".parquet", ".map"):
            continue
        content_ = path.read_bytes()
        for at in chance.sample(range(8 * len(content_)), 4):
            changed = bytearray(content_)
            changed[at // 8] ^= 1 << at % 8
            path.write_bytes(changed)
            told += not _same_or_said(kind, folder, reference)
        for whole in (b"", content_[:40], b"[]", b"null"):
            path.write_bytes(whole)
            told += not _same_or_said(kind, folder, reference)
        path.unlink()
        told += path.name != "findings.json" and not _same_or_said(kind, folder, reference)
        path.mkdir()
        told += not _same_or_said(kind, folder, reference)
        path.rmdir()
        path.write_bytes(content_)
    assert told >= most
    assert _shown(kind, folder) == reference


@pytest.mark.parametrize("kind", ["comparison", "run"])
def test_a_manifest_that_somebody_wrote_anew_is_a_sentence_never_a_traceback(kind, made, tmp_path):
    """Keys that are missing or of another type, under a seal that fits."""
    folder = tmp_path / kind
    shutil.copytree(made / kind, folder)
    told = unsealed(folder / "manifest.json")
    for key in told:
        for value in (None, 7, "text", [], {}, [1], {"x": 1}, ...):
            changed = {k: v for k, v in told.items() if k != key or value is not ...}
            if value is not ...:
                changed[key] = value
            (folder / "manifest.json").write_bytes(sealed(changed))
            for reader in (lambda: _shown(kind, folder), lambda: main(("report", str(folder)))):
                try:
                    reader()
                except InputError as wrong:
                    assert "\n" not in str(wrong)


@pytest.mark.parametrize("kind", ["comparison", "run"])
@pytest.mark.parametrize(
    ("number", "words"),
    [(FORMAT + 1, "install a newer tocsin"), (None, "its format is an older one"),
     ("2", "its format is 2, read here is 2")],
)  # fmt: skip
def test_a_folder_of_another_format_is_refused_in_a_sentence(kind, number, words, made, tmp_path):
    folder = tmp_path / kind
    shutil.copytree(made / kind, folder)
    told = unsealed(folder / "manifest.json")
    assert told.pop("format") == FORMAT
    text = json.dumps(told).encode() if number is None else sealed(told | {"format": number})
    (folder / "manifest.json").write_bytes(text)
    with pytest.raises(InputError, match=words):
        _shown(kind, folder)


def _states(folder, number):
    """Let a folder state this format of its fingerprints, or none."""
    told = unsealed(folder / "manifest.json")
    assert told.pop("fingerprint_format") == FINGERPRINT_FORMAT
    stated = {} if number is None else {"fingerprint_format": number}
    (folder / "manifest.json").write_bytes(sealed(told | stated))


@pytest.mark.parametrize("kind", ["comparison", "run"])
def test_a_folder_from_before_the_fingerprint_had_a_format_is_read_whole(kind, made, tmp_path):
    folder = tmp_path / kind
    shutil.copytree(made / kind, folder)
    _states(folder, None)
    assert _shown(kind, folder) == _shown(kind, made / kind)


def test_a_comparison_that_is_written_again_keeps_the_format_of_its_fingerprints(made, tmp_path):
    folder = tmp_path / "comparison"
    shutil.copytree(made / "comparison", folder)
    _states(folder, None)
    old, new = read_comparison(folder), read_comparison(made / "comparison")
    assert (old.fingerprint_format, new.fingerprint_format) == (1, FINGERPRINT_FORMAT)
    (tmp_path / "again").mkdir()
    write_comparison(old, tmp_path / "again")
    assert read_comparison(tmp_path / "again").fingerprint_format == 1


@pytest.mark.parametrize("kind", ["comparison", "run"])
@pytest.mark.parametrize(
    ("number", "words"),
    [(FINGERPRINT_FORMAT + 1, "its fingerprints are of format 3, .*install a newer tocsin"),
     (0, "fingerprint_format is 0; allowed is a whole number from 1 to 2"),
     ("2", "fingerprint_format is '2'; allowed is a whole number from 1 to 2")],
)  # fmt: skip
def test_fingerprints_of_an_unknown_format_are_refused(kind, number, words, made, tmp_path):
    folder = tmp_path / kind
    shutil.copytree(made / kind, folder)
    _states(folder, number)
    with pytest.raises(InputError, match=words):
        _shown(kind, folder)


def test_a_table_of_another_comparison_is_named(made, tmp_path, capsys):
    folder = tmp_path / "c"
    shutil.copytree(made / "comparison", folder)
    pd.DataFrame({"scenario": ["all_three"]}).to_parquet(folder / "outcomes.parquet")
    assert main(("report", str(folder))) == 2
    assert "outcomes.parquet is damaged" in capsys.readouterr().err
    shutil.copytree(made / "run", tmp_path / "r")
    (tmp_path / "r" / "events.parquet").unlink()
    assert main(("explain", str(tmp_path / "r"), "1")) == 2
    assert "events.parquet is missing" in capsys.readouterr().err
