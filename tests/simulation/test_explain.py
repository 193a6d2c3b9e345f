"""The causal trail of events, and what is logged only on request."""

import re

import numpy as np
import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.mechanisms.agencies.intelligence import OWN
from tocsin.simulation.recording.explain import Trails
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.week import succession

FAST = load("baseline").with_({"cooperation.sharing": 1.0, "intelligence.delay_weeks": 3})


@pytest.fixture(scope="module")
def finished():
    return run(FAST, seed=4, weeks=120, details=True)


def _of(events, kind, cause=""):
    chosen = events[(events.kind == kind) & events.cause_id.str.startswith(cause)]
    return str(chosen.event_id.iloc[-1])


def test_a_seizure_on_a_partners_word_goes_back_to_the_partners_seizure(finished):
    events = finished.events
    released = events[(events.kind == "watch") & events.cause_id.str.startswith("release-")]
    caught = events[(events.kind == "seizure") & events.cause_id.isin(released.event_id)]
    trail = finished.explain(str(caught.event_id.iloc[0]))
    text = " ".join(trail)
    for word in ("revealed", "released to partners", "after 4 weeks", "began to watch", "watching"):
        assert word in text
    weeks = [int(line.split()[1].rstrip(":")) for line in trail if line.startswith("Week")]
    assert weeks == sorted(weeks)
    assert "By then" in trail[-1]


def test_an_arrest_goes_back_to_the_evidence(finished):
    trail = finished.explain(_of(finished.events, "arrest"))
    assert "seized" in trail[0]
    assert "acted against" in " ".join(trail)
    assert "were arrested" in trail[-1] or "were arrested" in trail[-2]


def test_missed_tips_and_deliveries_are_there_on_request_only(finished):
    kinds = set(finished.events.kind)
    assert {"delivery", "missed"} <= kinds
    plain = run(FAST, seed=4, weeks=60)
    assert not {"delivery", "missed"} & set(plain.events.kind)
    assert "led to nothing" in " ".join(finished.explain(_of(finished.events, "missed")))
    assert "reached its market" in finished.explain(_of(finished.events, "delivery"))[0]


def test_details_change_nothing_and_deliveries_add_up(finished):
    plain = run(FAST, seed=4, weeks=120, events=False)
    assert plain.fingerprint == finished.fingerprint
    arrived = finished.events[finished.events.kind == "delivery"].amount.sum()
    assert arrived == finished.indicators["delivered"]


def test_every_cause_is_in_the_log_and_comes_first(finished):
    events = finished.events
    place = {event: at for at, event in enumerate(events.event_id)}
    assert len(place) == len(events)
    for at, cause in enumerate(events.cause_id):
        if cause:
            assert place[cause] < at


def test_every_kind_of_event_has_a_sentence(finished):
    for kind in finished.events.kind.unique():
        event = _of(finished.events, kind)
        assert all(line.endswith(".") and f"{kind} by" not in line
                   for line in finished.explain(event))  # fmt: skip


def test_a_report_says_how_much_it_moved_however_little(finished):
    report = finished.events[finished.events.kind == "report"].iloc[[0]]
    for millions, said in ((2.5, "2.50 million USD"), (0.02, "20,000 USD")):
        event = report.assign(amount=millions)
        (line,) = Trails(event, finished.scenario.parameters).explain(event.event_id.iloc[0])[:1]
        assert f"closed the books of the year and moved {said} a year." in line
    assert "moved" not in finished.explain(report.event_id.iloc[0])[0]


def test_an_unknown_event_brings_the_nearest(finished):
    event = str(finished.events.event_id.iloc[0])
    with pytest.raises(InputError, match="nearest"):
        finished.explain(event[:-1] + "z")


def test_a_trade_without_a_map_is_told_by_what_it_passed():
    finished = run("operation_bayonet", seed=4, weeks=60)
    seizures = finished.events[finished.events.kind == "seizure"]
    chosen = seizures[seizures.sector == "CAN-net:victims"].event_id.iloc[0]
    told = " ".join(finished.explain(str(chosen)))
    assert "among victims in Canada" in told and "-net:" not in told


def test_a_network_is_no_event_and_its_events_are_named(finished):
    network = next(name for name in finished.events.network.unique() if "." in name)
    with pytest.raises(InputError, match=f"is a network.*'founded-{re.escape(network)}'"):
        finished.explain(network)


@pytest.fixture(scope="module")
def generations():
    """A run in which many networks end and are followed."""
    values = {"investigation.dismantling": 1.0, "organisation.entry_weeks": 4.0,
              "investigation.operation_rate": 0.1}  # fmt: skip
    return run(FAST.with_(values), seed=1, weeks=200)


def test_no_successor_is_blamed_for_what_its_predecessor_did(generations):
    events = generations.events.set_index("event_id")
    assert events.index.str.match(r"founded-N\d+\.2").any()
    for kind in ("tip", "prediction", "release", "operation", "joint operation", "arrest"):
        own = events[(events.kind == kind) & (events.cause_id != "")]
        assert kind in ("prediction", "joint operation") or len(own) > 20
        cause = events.network.reindex(own.cause_id)
        assert own.network.tolist() == cause.tolist(), kind


@pytest.fixture(scope="module")
def watched_closely():
    """A world in which teams, units and items are at work."""
    values = {"operations.rapid_response_musd_per_year": 20.0, "intelligence.delay_weeks": 4,
              "operations.response_fresh_weeks": 8, "cooperation.sharing": 1.0,
              "cooperation.mandates": ["share", "coordinate", "operate"]}  # fmt: skip
    return run(load("task_forces").with_(values), seed=2, weeks=150).model


def test_nothing_that_was_known_of_a_network_is_held_against_its_successor(watched_closely):
    model = watched_closely
    world = model.world
    waiting = {item.network for _, item in world.hub.waiting() if not item.void}
    teams, units = (
        set(world.task_forces.teams),
        {u.network for u in world.units.deployed},
    )
    assert waiting and teams and units
    for network in waiting | teams | units:
        succession.end(model.world, model.notes, network, "test")
        succession.found(model.world, network)
        assert all(item.void for _, item in world.hub.waiting() if item.network == network)
        assert network not in world.task_forces.teams
        assert network not in {unit.network for unit in world.units.deployed}
        assert not world.picture.interest[:, network].any()
        assert not world.picture.watched[:, network].any()
        assert set(world.picture.sender[:, network].tolist()) == {OWN}
        assert not world.cases.evidence[:, network].any()


def test_a_case_file_forgets_its_last_seizure_with_its_network(generations):
    model = generations.model
    world = model.world
    filed = next(zip(*np.nonzero(world.cases.latest), strict=True))
    assert world.evidence_of(*filed).startswith("seizure-")
    succession.end(model.world, model.notes, filed[1], "test")
    assert world.evidence_of(*filed) == ""
