"""The catalogue of indicators: what each carries, and how those from outside join it."""

from dataclasses import replace

import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording import indicators
from tocsin.simulation.recording.indicators import (
    GROUPS,
    HEADLINES,
    INDICATORS,
    MAIN,
    MOVED,
    declare,
    indicator_of,
    known,
    label_of,
    of_a_run,
)
from tocsin.simulation.recording.record import Record
from tocsin.simulation.scenario.files import load

INFORMANTS = replace(
    INDICATORS["networks_failed"], name="informants", label="Informants", unit="persons"
)

GOODS = load("baseline").parameters.commodities


@pytest.fixture
def own_catalogue(monkeypatch):
    for table in ("_known", "_owners"):  # who declared what goes with what is known
        monkeypatch.setattr(indicators, table, dict(getattr(indicators, table)))


def test_every_indicator_of_the_package_says_all_that_a_reader_needs():
    for one in (*INDICATORS.values(), MOVED):
        assert one.group in GROUPS
        assert one.label[0].isupper() and "_" not in one.label
        assert one.definition.endswith(".")


def test_no_two_labels_are_the_same_but_for_what_stands_in_brackets():
    labels = [one.label for one in known().values() if one.name != "country_interception_rate"]
    assert len(set(labels)) == len(labels)
    assert label_of("interception_rate[TJK]") == "Interception rate, TJK"
    assert label_of("market_price[Vest_Port]") == "Market price, Vest Port"


def test_headlines_are_among_what_is_shown_first():
    assert len(HEADLINES) == 5
    assert set(HEADLINES) < set(MAIN) < set(INDICATORS)


def test_what_is_counted_is_a_whole_number_and_a_record_counts_it():
    record = Record(4, ("ABC",), GOODS, "heroin", ("s",), 1)
    for name, one in INDICATORS.items():
        if one.source == "counted":
            assert one.whole
        if one.source == "counted" and not one.per:
            assert name in record.counted
    assert MOVED.name not in record.columns


def test_the_kind_of_amount_follows_from_the_unit():
    kinds = {name: indicator_of(name).kind for name in (
        "delivered", "persons_died", "cost_total", "market_price", "tip_hit_rate",
        "intelligence_age_at_use", "trust_mean", "networks_active",
    )}  # fmt: skip
    assert list(kinds.values()) == [
        "goods", "persons", "money", "price", "share", "time", "index", "number",
    ]  # fmt: skip


def test_an_indicator_from_outside_is_found_like_any_other_and_recorded(own_catalogue):
    declare("informants", [INFORMANTS])
    declare("informants", [replace(INFORMANTS)])  # the same words, as when a module is loaded twice
    assert indicator_of("informants") is not None
    assert label_of("informants") == "Informants"
    without = Record(4, ("ABC",), GOODS, "heroin", ("s",), 1)
    with_it = Record(
        4, ("ABC",), GOODS, "heroin", ("s",), 1, INDICATORS | {"informants": INFORMANTS}
    )
    assert set(with_it.columns) - set(without.columns) == {"informants"}


def test_a_name_that_is_taken_by_another_indicator_is_refused(own_catalogue):
    with pytest.raises(InputError, match="indicator 'delivered': another one has this name"):
        declare("informants", [replace(INFORMANTS, name="delivered")])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "Two words", "a name is written in small letters"),
        ("label", " ", "label is empty"),
        ("direction", "upward", "allowed is one of 'up', 'down', 'neither'.*nearest: 'up'"),
        ("source", "count", "nearest: 'counted'"),
        ("ending", "sum", "allowed is one of 'total'"),
    ],
)
def test_a_fault_in_a_declaration_is_said_in_one_sentence(field, value, said):
    with pytest.raises(InputError, match=said):
        replace(INFORMANTS, **{field: value})


def test_what_only_pairs_of_runs_have_is_no_indicator_of_a_run():
    assert indicator_of(MOVED.name).unit == "bits"
    with pytest.raises(InputError, match="of a pair of runs"):
        of_a_run(MOVED.name)
