"""Agencies and countries: one a country unless a scenario says otherwise."""

import numpy as np
import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.model import BorderModel
from tocsin.simulation.notes import what_is_noted
from tocsin.simulation.recording.explain import Trails
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

CUSTOMS = """
schema = 1
parent = "baseline"
title = "Customs beside police"
question = "What do customs of their own change?"
author = "Example"
description = "Talmoria's customs stand at its crossings."

[agencies.TAL-customs]
name = "Talmoria's customs"
kind = "customs"
officers = 120
capability = 0.5
at = ["crossings"]

[sources]
"agencies.*" = "assumption: an example"
"""


@pytest.fixture(scope="module")
def customs(tmp_path_factory):
    file = tmp_path_factory.mktemp("agencies") / "customs.toml"
    file.write_text(CUSTOMS)
    return load(file)


@pytest.fixture(scope="module")
def finished(customs):
    model = BorderModel(customs, rng=1)
    model.run_for(104)
    return model


def test_a_country_has_one_agency_of_its_own_name_by_default():
    world = BorderModel("baseline", rng=0).world
    roster = world.roster
    assert roster.ids == roster.codes == world.codes and set(roster.kind) == {"national"}
    assert roster.country.tolist() == list(range(len(world.codes)))
    assert (roster.sector_agency == world.sectors.country).all()
    assert (roster.keys == world.country_keys).all()


def test_notes_are_of_the_shape_that_they_state(finished):
    world, notes = finished.world, finished.notes
    sizes = {"A": len(world.roster), "C": len(world.codes), "S": len(world.sectors.ids),
             "N": len(world.networks.names), "K": len(world.record.commodities),
             "L": len(world.trade.lanes.start)}  # fmt: skip
    assert len(set(sizes.values())) == len(sizes)
    stated = {
        name: tuple(sizes[letter] for letter in note.shape.strip("[]").split(", "))
        for name, note in what_is_noted().items()
        if note.shape.startswith("[") and note.shape != "[n]"
    }
    assert len(stated) == 6
    assert {name: getattr(notes, name).shape for name in stated} == stated


def test_customs_beside_police_stand_where_the_scenario_says(finished):
    world, roster = finished.world, finished.world.roster
    police, own = roster.ids.index("TAL"), roster.ids.index("TAL-customs")
    assert roster.kind[own] == "customs" and roster.codes[own] == "TAL"
    here = world.sectors.country == world.codes.index("TAL")
    assert (roster.sector_agency[here & (world.sectors.crossings > 0)] == own).all()
    assert (roster.sector_agency[here & (world.sectors.crossings == 0)] == police).all()
    assert roster.national(world.codes.index("TAL")) == police
    assert [agency.name for agency in finished.cast.agencies] == list(roster.ids)


def test_what_an_agency_does_or_knows_is_its_own(finished):
    world, many = finished.world, len(finished.world.roster)
    assert many == len(world.codes) + 1
    assert world.cases.evidence.shape[0] == many
    assert world.capacity.capability.shape == world.race.method.shape == (many,)
    assert world.cooperation.trust.shape == (many, many)
    assert world.law.compatibility.shape == (len(world.codes),) * 2
    assert world.will().shape == world.integrity.by_country.shape == (len(world.codes),)
    police, own = (world.roster.ids.index(name) for name in ("TAL", "TAL-customs"))
    assert world.capacity.baseline[own] == 0.5 != world.capacity.baseline[police]
    assert world.cases.evidence[own].any()


def test_events_name_the_agency_and_count_for_its_country(customs, finished):
    log = finished.world.log.frame()
    seized = log[(log.kind == "seizure") & (log.actor == "TAL-customs")]
    assert len(seized) > 10 and set(seized.country) == {"TAL"}
    of_country = log[(log.kind == "seizure") & (log.country == "TAL")]
    assert set(of_country.actor) == {"TAL", "TAL-customs"}
    unit = finished.world.trade.smallest[0]
    counted = finished.record.columns["seized_by[TAL]"][:104].sum()
    assert of_country.amount.sum() == pytest.approx(counted * (1 if counted > 1e6 else unit))
    told = Trails(log, customs.parameters).explain(seized.event_id.iloc[0])
    assert "Talmoria's customs seized" in told[-1] or "Talmoria's customs seized" in told[0]


def test_agencies_of_one_country_share_by_the_rule_that_holds_between_countries(finished):
    world = finished.world
    police, own, other = (world.roster.ids.index(name) for name in ("TAL", "TAL-customs", "LOR"))
    shares = world.sharing()
    assert shares[police, own] > 0 and shares[own, police] > 0 and shares[own, other] > 0
    assert shares[own, own] == 0
    assert world.roster.between(world.law.compatibility, 1.0)[police, own] == 1.0
    apart = load("baseline").with_({
        "countries.TAL.member": False, "agencies.TAL-customs.name": "Talmoria's customs",
        "agencies.TAL-customs.officers": 10.0,
    })  # fmt: skip
    world = BorderModel(apart, rng=0).world
    police, own = (world.roster.ids.index(name) for name in ("TAL", "TAL-customs"))
    assert world.sharing()[police, own] == 0


def test_two_agencies_of_one_country_are_no_reason_for_a_joint_task_force(finished):
    world, case = finished.world, finished.parameters.cooperation.task_force_case
    police, own, other = (world.roster.ids.index(name) for name in ("TAL", "TAL-customs", "LOR"))
    held = np.zeros_like(world.cases.evidence)
    held[[police, own], 0] = held[[own, other], 1] = 2 * case
    found = type(world.task_forces)().in_need(
        held, np.ones(held.shape[1], dtype=bool), np.ones(held.shape[0], dtype=bool),
        world.roster.country, case,
    )  # fmt: skip
    assert [(network, parties.tolist()) for network, parties in found] == [
        (1, sorted([own, other]))
    ]


def test_the_same_officers_under_another_name_patrol_as_before():
    plain = load("baseline")
    officers = plain.parameters.countries["TAL"].officers
    renamed = plain.with_({
        "agencies.TAL-guard.name": "the guard", "agencies.TAL-guard.officers": officers,
        "agencies.TAL-guard.at": ["borders", "coasts"], "agencies.TAL-guard.kind": "border guard",
    })  # fmt: skip
    one, two = BorderModel(plain, rng=3), BorderModel(renamed, rng=3)
    for model in (one, two):
        model.step()
    assert np.array_equal(one.world.patrols.effort, two.world.patrols.effort)
    assert np.array_equal(one.world.danger(), two.world.danger())


def test_a_country_shares_its_funds_out_among_its_agencies_by_their_officers(customs):
    world = BorderModel(customs, rng=0).world
    parts = world.roster.parts(customs.parameters)
    own = world.roster.ids.index("TAL-customs")
    national = customs.parameters.countries["TAL"].officers
    assert parts[own] == pytest.approx(120 / (120 + national))
    assert np.bincount(world.roster.country, parts) == pytest.approx(np.ones(len(world.codes)))


def test_officers_of_every_agency_cost_money(customs):
    base, more = (run(scenario, weeks=10) for scenario in ("baseline", customs))
    pay = customs.parameters.countries["TAL"].officer_usd_per_year
    extra = more.indicators["cost_officers"] - base.indicators["cost_officers"]
    assert extra == pytest.approx(10 * 120 * pay / 52)


@pytest.mark.parametrize(("rows", "sentence"), [
    ({"at": ["crosings"]}, 'agencies.TAL-customs.at = "crosings": no sector of TAL is meant; '
     "allowed is borders, coasts, crossings, "),
    ({"at": ["TAL"]}, 'agencies.TAL-customs.at = "TAL": no sector of TAL is meant'),
    ({"kind": "army"}, 'agencies.TAL-customs.kind = "army": not one of the allowed words'),
    ({"officers": -1}, "agencies.TAL-customs.officers = -1: too low"),
])  # fmt: skip
def test_an_agency_that_makes_no_sense_is_refused_in_a_sentence(rows, sentence):
    values = {"name": "Talmoria's customs", "officers": 10.0} | rows
    with pytest.raises(InputError) as refused:
        load("baseline").with_({f"agencies.TAL-customs.{key}": v for key, v in values.items()})
    assert sentence in str(refused.value)


def test_two_agencies_do_not_claim_one_sector_in_the_same_words():
    values = {f"agencies.TAL-{kind}.{key}": value for kind in ("customs", "guard")
              for key, value in (("name", kind), ("officers", 5.0),
                                 ("at", ["crossings"]))}  # fmt: skip
    with pytest.raises(InputError, match="is that of TAL-customs already; a sector has one agency"):
        load("baseline").with_(values)


def test_what_is_said_more_exactly_prevails():
    plain = load("baseline")
    first = plain.grid.sectors(plain.parameters.world.sector_km).ids
    sector = next(name for name in first if name.startswith("TAL-"))
    values = {f"agencies.TAL-{kind}.{key}": value
              for kind, at in (("customs", [sector]), ("guard", ["borders", "coasts"]))
              for key, value in (("name", kind), ("officers", 5.0), ("at", at))}  # fmt: skip
    roster = BorderModel(plain.with_(values), rng=0).world.roster
    assert roster.ids[roster.sector_agency[first.index(sector)]] == "TAL-customs"


def test_an_agency_of_a_country_that_is_not_there_is_refused():
    values = {"agencies.TLA-customs.name": "x", "agencies.TLA-customs.officers": 1.0}
    with pytest.raises(InputError, match=r"agencies\.TLA-customs: the map .* has no country 'TLA'"):
        load("baseline").with_(values)


def _fleet(**rows):
    values = {"name": "the fleet", "kind": "coast guard", "officers": 40.0} | rows
    return load("baseline").with_({f"agencies.VES-fleet.{key}": v for key, v in values.items()})


def test_a_fleet_adds_its_officers_where_it_is_sent_and_nowhere_else():
    plain = load("baseline")
    ids = plain.grid.sectors(plain.parameters.world.sector_km).ids
    head = next(name for name in ids if name.startswith("TAL-")).partition(":")[0]
    one, two = BorderModel(plain, rng=3), BorderModel(_fleet(sent=[head]), rng=3)
    for model in (one, two):
        model.step()
    more = two.world.patrols.effort - one.world.patrols.effort
    there = np.array([name.startswith(f"{head}:") for name in ids])
    density = plain.parameters.detection.reference_density
    assert (more[~there] == 0).all()
    assert (more * one.world.sectors.length_km)[there].sum() * density == pytest.approx(40)
    assert "VES-fleet" not in {two.world.roster.ids[a] for a in two.world.roster.sector_agency}


def test_a_fleet_that_goes_nowhere_is_refused_or_changes_no_patrol():
    with pytest.raises(
        InputError, match=r'agencies\.VES-fleet\.sent = "VES-see": no sector of the'
    ):
        _fleet(sent=["VES-see"])
    with pytest.raises(InputError, match="an agency stands somewhere or is sent"):
        _fleet(sent=["VES-sea"], at=["coasts"])
    one, two = BorderModel("baseline", rng=3), BorderModel(_fleet(), rng=3)
    for model in (one, two):
        model.step()
    assert np.array_equal(one.world.patrols.effort, two.world.patrols.effort)


def test_the_first_agency_of_a_scenario_is_asked_for_what_it_needs():
    with pytest.raises(InputError) as wrong:
        load("baseline").with_({"agencies.TAL-customs.officers": 5})
    assert str(wrong.value).endswith(
        "there is no 'TAL-customs' among the agencies so far; a new one needs name too."
    )
