"""Notes: each is written and read in the phases that it names, and in no other."""

from typing import ClassVar

import pytest
from tocsin.simulation.model import BorderModel
from tocsin.simulation.notes import Notes, what_is_noted
from tocsin.simulation.parameters import instruments
from tocsin.simulation.phases import PHASES, Profile
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

BUSY = {
    "cooperation.mandates": ["share", "coordinate", "operate"], "cooperation.sharing": 1.0,
    "intelligence.delay_weeks": 2, "investigation.operation_rate": 0.1,
    **dict.fromkeys(instruments(), 10.0),
}  # fmt: skip
NOTED = what_is_noted()


class Watched(Notes):
    """Notes that remember in which phase each was written and read."""

    phase = ""
    written: ClassVar[dict[str, set[str]]] = {}
    read: ClassVar[dict[str, set[str]]] = {}

    def __setattr__(self, name, value):
        if name in NOTED:
            Watched.written.setdefault(name, set()).add(Watched.phase)
        object.__setattr__(self, name, value)

    def __getattribute__(self, name):
        if name in NOTED:
            Watched.read.setdefault(name, set()).add(Watched.phase)
        return object.__getattribute__(self, name)


def test_notes_are_written_and_read_where_they_say(monkeypatch):
    monkeypatch.setattr("tocsin.simulation.model.Notes", Watched)
    Watched.written, Watched.read = {}, {}

    def in_phase(called, phase):
        def act(world, cast, notes):
            Watched.phase = called
            phase(world, cast, notes)

        return called, act

    # The last one lasts until a market is under covert control.
    for name, weeks in (("baseline", 60), ("mediterranean", 60), ("operation_bayonet", 132)):
        model = BorderModel(load(name).with_(BUSY if name == "baseline" else {}), rng=1)
        model.phases = tuple(in_phase(*phase) for phase in PHASES)
        for _ in range(weeks):
            model.step()
    for note, said in NOTED.items():
        assert Watched.written[note] == {said.written}, note
        assert Watched.read.get(note, set()) - {said.written} == set(said.read) - {said.written}, (
            note
        )


def test_a_note_is_of_a_phase_and_is_read_no_earlier_than_it_is_written():
    order = [name for name, _ in PHASES]
    for note, said in NOTED.items():
        for reader in said.read:
            assert order.index(said.written) <= order.index(reader), note


def test_a_note_that_nobody_has_written_cannot_be_read():
    model = BorderModel("baseline", rng=0)
    with pytest.raises(AttributeError):
        _ = model.notes.moved


def test_a_profile_has_every_phase_and_changes_nothing():
    profile = Profile()
    timed = run("baseline", seed=3, weeks=20, events=False, profile=profile)
    assert list(profile.seconds) == [name for name, _ in PHASES]
    assert all(seconds > 0 for seconds in profile.seconds.values())
    assert timed.fingerprint == run("baseline", seed=3, weeks=20, events=False).fingerprint
    assert str(profile).count("\n") == len(PHASES) + 1
