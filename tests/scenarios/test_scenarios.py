"""What a scenario inherits and states, by what ways values come in, and what goes out again."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import Row, table
from tocsin.simulation.scenario.files import Scenario, load, names

HEAD = 'schema = 1\ntitle = "t"\nquestion = "q"\nauthor = "a"\ndescription = "d"\n'
LEVERS = {
    "more_cooperation": {"cooperation.sharing": 0.9},
    "faster_intelligence": {"intelligence.delay_weeks": 2},
    "more_capacity": {"capacity.funding_musd_per_year": 30.0},
}
SCHEDULE = """
[[change]]
week = 105
set = { "cooperation.sharing" = 0.9, "intelligence.delay_weeks" = 4 }
reason = "a new agreement"

[[shock]]
kind = "arrest"
week = 60
share = 0.5
targeting = "role"
role = "leader"
networks = ["N01", "N02"]
reason = "assumption: a great operation"

[[treatment]]
kind = "patrol"
from = 105
to = 208
where = "TAL-ARV"
factor = 3.0
source = "a test"
"""


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load("baseline")


def written(folder: Path, text: str, name: str = "mine") -> Scenario:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)


@pytest.mark.parametrize("name", names())
def test_shipped_scenarios_read(name: str) -> None:
    scenario = load(name)
    assert scenario.name == scenario.lineage[-1] == name
    assert scenario.question.endswith("?")
    assert all(reason.strip() for reason in scenario.reasons.values())
    assert set(scenario.stated) <= set(scenario.reasons)


def test_the_policies_of_meridian_state_one_lever_each(baseline: Scenario) -> None:
    together: dict[str, Any] = {}
    for name, values in LEVERS.items():
        assert load(name).stated == values
        assert load(name).parent == "baseline"
        assert load(name).digest == baseline.with_(values).digest
        together |= values
    assert load("all_three").stated == together
    assert baseline.value("cooperation.sharing") == 0.5
    assert baseline.value("intelligence.delay_weeks") == 12
    assert baseline.value("capacity.funding_musd_per_year") == 0


def test_digests_tell_scenarios_apart_and_forget_words(baseline: Scenario, tmp_path: Path) -> None:
    assert len({load(name).digest for name in names()}) == len(names())
    same = written(tmp_path, HEAD + 'parent = "baseline"\n')
    assert same.title != baseline.title
    assert same.digest == baseline.digest
    told = HEAD + 'parent = "baseline"\n' + SCHEDULE
    otherwise = told.replace("a new agreement", "for another reason")
    assert written(tmp_path, told).digest == written(tmp_path, otherwise).digest


def test_a_child_inherits_values_reasons_schedule_and_map(tmp_path: Path) -> None:
    written(tmp_path, HEAD + 'parent = "more_cooperation"\n' + SCHEDULE, "older")
    text = """parent = "older.toml"
[[change]]
week = 200
set = { "cooperation.sharing" = 0.2 }
reason = "the agreement ends"
"""
    child = written(tmp_path, HEAD + text, "younger")
    assert child.lineage == ("baseline", "more_cooperation", "older", "younger")
    assert child.value("cooperation.sharing") == 0.9
    assert child.reasons["cooperation.sharing"]
    assert [change.week for change in child.schedule.changes] == [105, 200]
    assert [change.week for change in child.own_schedule.changes] == [200]
    assert child.grid == load("baseline").grid


def test_faults_of_inherited_entries_say_so(tmp_path: Path) -> None:
    written(tmp_path, HEAD + 'parent = "baseline"\n' + SCHEDULE, "older")
    text = 'parent = "older.toml"\n[world]\nweeks = { value = 52, reason = "a short run" }\n'
    with pytest.raises(InputError, match=r"^younger\.toml: inherited change 1, week = 105: after"):
        written(tmp_path, HEAD + text, "younger")


def test_a_byte_order_mark_and_carriage_returns_do_no_harm(tmp_path: Path) -> None:
    text = HEAD + 'parent = "baseline"\n' + SCHEDULE
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(file).digest == written(tmp_path, text).digest


def test_the_example_of_the_documentation_reads(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    scenario = written(tmp_path, text.split("```toml\n")[1].split("```")[0])
    assert scenario.parent == "baseline"
    assert [change.week for change in scenario.own_schedule.changes] == [105, 209]


def test_a_child_can_bring_in_a_commodity(tmp_path: Path) -> None:
    text = """parent = "baseline"
[commodities.cannabis]
sources = { value = ["Kaldun"], reason = "assumption" }
markets = { value = ["Halvik"], reason = "assumption" }
supply_per_year = { value = 100_000, reason = "assumption" }
shipment_size = { value = 20, reason = "assumption" }
source_price = { value = 100, reason = "assumption" }
market_price = { value = 2000, reason = "assumption" }
"""
    goods = written(tmp_path, HEAD + text).parameters.commodities
    assert list(goods) == ["cannabis", "heroin"]
    assert goods["cannabis"].size_ln_sd == goods["heroin"].size_ln_sd


def test_mandates_are_judged_after_all_changes_of_a_week(tmp_path: Path) -> None:
    text = """parent = "baseline"
[cooperation]
mandates = { value = [], reason = "nothing agreed yet" }
sharing = { value = 0.0, reason = "nothing agreed yet" }
[[change]]
week = 53
set = { "cooperation.sharing" = 0.5 }
reason = "first line"
[[change]]
week = 53
set = { "cooperation.mandates" = ["share"] }
reason = "second line"
"""
    assert len(written(tmp_path, HEAD + text).schedule.changes) == 2


def test_what_is_written_reads_back(baseline: Scenario, tmp_path: Path) -> None:
    for name in names():
        scenario = load(name)
        again = written(tmp_path, scenario.to_toml(), name)
        assert again.digest == scenario.digest
        assert again.reasons == scenario.reasons
        assert again.to_toml() == scenario.to_toml()
    scheduled = written(tmp_path, HEAD + 'parent = "baseline"\n' + SCHEDULE)
    moved = scheduled.with_({"pairs.VES-TAL.trust": 0.8, "cooperation.mandates": ["share"]})
    assert written(tmp_path, moved.to_toml(), "again").digest == moved.digest


def example(row: Row) -> str:
    """A dotted key of the baseline for a row of the table."""
    name = {"countries": "TAL", "pairs": "TAL-VES", "networks": "N07", "commodities": "heroin",
            "agencies": "TAL-customs"}  # fmt: skip
    return row.key.replace("*", name.get(row.key.split(".")[0], ""))


BOUNDED = [row for row in table() if row.low is not None and row.high is not None]
# Bounds that only hold together with another value: key -> what is set at either bound.
TOGETHER = {
    "commodities.heroin.supply_per_year": (
        {"commodities.heroin.supply_per_year": 0},
        {"commodities.heroin.supply_per_year": 1e10, "commodities.heroin.shipment_size": 100},
    ),
    "commodities.heroin.source_price": (
        {"commodities.heroin.source_price": 0},
        {"commodities.heroin.source_price": 9_999_999, "commodities.heroin.market_price": 1e7},
    ),
    "commodities.heroin.market_price": (
        {"commodities.heroin.source_price": 0, "commodities.heroin.market_price": 1},
        {"commodities.heroin.market_price": 1e7},
    ),
}


@pytest.mark.parametrize("row", BOUNDED, ids=lambda row: row.key)
def test_every_number_can_be_set_at_its_bounds_and_not_beyond(row: Row, baseline: Scenario) -> None:
    key = example(row)
    assert row.low is not None and row.high is not None
    baseline = baseline.with_({
        "cooperation.mandates": ("share", "coordinate", "operate"),
        "agencies.TAL-customs.name": "customs", "agencies.TAL-customs.officers": 10.0,
    })  # fmt: skip
    for values in TOGETHER.get(key, ({key: row.low}, {key: row.high})):
        assert baseline.with_(values).value(key) == values[key]
    for value, word in ((row.low - 1, "low"), (row.high + 1, "high")):
        with pytest.raises(InputError, match=f"too {word}; allowed is a"):
            baseline.with_({key: value})


def test_with_is_a_file_that_states_the_same(baseline: Scenario, tmp_path: Path) -> None:
    text = """parent = "baseline"
[cooperation]
sharing = { value = 0.7, reason = "r" }
[countries.TAL]
capability = { value = 0.6, reason = "r" }
[pairs.VES-TAL]
trust = { value = 0.8, reason = "r" }
[networks.N07]
members = { value = 90, reason = "r" }
"""
    values = {
        "networks.N07.members": 90,
        "pairs.TAL-VES.trust": 0.8,
        "countries.TAL.capability": 0.6,
        "cooperation.sharing": 0.7,
    }
    changed = baseline.with_(values)
    assert changed.digest == written(tmp_path, HEAD + text).digest
    assert changed.name == "baseline"
    assert changed.overrides == values
    assert baseline.overrides == {}


def test_the_order_of_a_pair_does_not_matter(baseline: Scenario) -> None:
    one = baseline.with_({"pairs.TAL-VES.trust": 0.8})
    other = baseline.with_({"pairs.VES-TAL.trust": 0.8})
    assert one.digest == other.digest != baseline.digest
    assert one.value("pairs.VES-TAL.trust") == 0.8
    with pytest.raises(InputError, match="set twice"):
        baseline.with_({"pairs.TAL-VES.trust": 0.8, "pairs.VES-TAL.trust": 0.9})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cooperation.sharing", None),
        ("cooperation.sharing", [0.5]),
        ("cooperation.sharing", float("nan")),
        ("capacity.funding_musd_per_year", 10**400),
        ("countries.TAN.capability", 0.5),
        ("cooperation", 0.5),
        ("", 0.5),
        ("world.map", "no.map"),
        ("world.networks", 0),
        ("measurement.headline", "gold"),
    ],
)
def test_with_refuses_in_one_sentence(baseline: Scenario, key: str, value: Any) -> None:
    with pytest.raises(InputError, match=r"^[^\n]+\.$"):
        baseline.with_({key: value})


def test_unknown_names_have_no_value(baseline: Scenario) -> None:
    assert baseline.value("pairs.TAL-VES.trust") is None
    for key in ("countries.TAN.capability", "pairs.TAL-TAN.trust", "networks.N99.members"):
        with pytest.raises(InputError, match="there is no"):
            baseline.value(key)


def test_a_scenario_travels_to_a_worker(baseline: Scenario) -> None:
    changed = baseline.with_({"cooperation.sharing": 0.7})
    arrived = pickle.loads(pickle.dumps(changed))
    assert arrived.digest == changed.digest
    assert arrived.overrides == changed.overrides


values_of = st.fixed_dictionaries(
    {},
    optional={
        "cooperation.sharing": st.floats(0, 1),
        "intelligence.delay_weeks": st.integers(0, 104),
        "capacity.allocation": st.sampled_from(["equal", "need", "threat"]),
        "countries.SEV.name": st.text(
            st.characters(exclude_categories=["Cc", "Cs"]), min_size=1
        ).filter(str.strip),
        "countries.SEV.languages": st.lists(
            st.sampled_from(["a", 'b"', "c\\", "é\n"]), unique=True
        ),
        "countries.LOR.member": st.booleans(),
        "pairs.LOR-SEV.common_language": st.booleans(),
        "networks.N03.dormant": st.booleans(),
        "commodities.heroin.market_price": st.floats(3000, 1e7),
    },
)


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(values=values_of)
def test_any_values_survive_being_written(
    values: dict[str, Any], baseline: Scenario, tmp_path: Path
) -> None:
    changed = baseline.with_(values)
    assert written(tmp_path, changed.to_toml()).digest == changed.digest
