"""What the look inside lists."""

from tocsin.dashboard.pages import inside
from tocsin.simulation.model import BorderModel
from tocsin.simulation.week import succession


def test_a_successor_is_in_the_list_under_its_own_name():
    model = BorderModel("baseline", rng=1)
    model.step()
    assert inside.choices(model)["network"][12] == "N13"
    succession.end(model.world, model.notes, 12, "test")
    succession.found(model.world, 12)
    names = inside.choices(model)["network"]
    assert names[12] == "N13.2"
    assert inside.subject(model, "network", 12)["title"] == "Network N13.2"
