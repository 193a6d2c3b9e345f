"""The causal trail of events, and what is logged only on request."""

import pytest

from simulation.errors import InputError
from simulation.run import run
from simulation.scenario import load

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
