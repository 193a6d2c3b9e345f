"""Pictures and quoted tables are those of today's model; what is stale is found without a run."""

import importlib.util
import re
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("pictures", ROOT / "tools" / "pictures.py")
assert _SPEC is not None and _SPEC.loader is not None
pictures = importlib.util.module_from_spec(_SPEC)
sys.modules["pictures"] = pictures
_SPEC.loader.exec_module(pictures)

ONE = pictures.Made("docs/pictures/one.png", "meridian", ("maker.py", "scenarios/*"))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A small repository with one picture that is on record."""
    files = {"docs/pictures/one.png": "picture", "maker.py": "draw", "scenarios/a.toml": "world",
             "tests/baselines/baselines.json": "numbers", "elsewhere.py": "other"}  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / pictures.RECORD).write_text(
        f'["{ONE.file}"]\nmaker = "meridian"\ndigest = "{pictures.digest(ONE, tmp_path)}"\n'
    )
    return tmp_path


def test_pictures_and_quoted_tables_are_renewed_when_the_model_or_their_maker_changes():
    assert pictures.stale() == []


def test_what_has_not_changed_is_not_stale(place):
    (place / "elsewhere.py").write_text("changed")
    assert pictures.stale(place, [ONE]) == []


@pytest.mark.parametrize("file", ["tests/baselines/baselines.json", "maker.py", "scenarios/a.toml",
                                  "docs/pictures/one.png"])  # fmt: skip
def test_a_change_of_model_maker_scenario_or_picture_makes_it_stale(place, file):
    (place / file).write_text("changed")
    (said,) = pictures.stale(place, [ONE])
    assert "has changed" in said and "tools/pictures.py meridian" in said


def test_a_missing_picture_and_one_without_a_record_are_named(place):
    shutil.copy(place / ONE.file, place / "docs/pictures/two.png")
    two = pictures.Made("docs/pictures/two.png", "room", ())
    (place / ONE.file).unlink()
    first, second = pictures.stale(place, [ONE, two])
    assert "one.png: it is missing" in first and "two.png: it is not on record" in second


def test_every_picture_of_the_pages_has_a_maker():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    quoted = {
        f"docs/pictures/{name}"
        for page in pages
        for name in re.findall(r"pictures/([a-z0-9_]+\.png)", page.read_text(encoding="utf-8"))
    }
    lying = {f"docs/pictures/{one.name}" for one in (ROOT / "docs/pictures").glob("*.png")}
    assert quoted <= {made.file for made in pictures.everything()}
    assert lying == {made.file for made in pictures.everything() if made.file.endswith(".png")}
