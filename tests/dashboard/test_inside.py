"""What the look inside lists."""

from tocsin.dashboard import inside
from tocsin.simulation.model import BorderModel


def test_a_successor_is_in_the_list_under_its_own_name():
    model = BorderModel("baseline", rng=1)
    model.step()
    assert inside.choices(model)["network"][12] == "N13"
    model.cast.networks.end(12, "test", model.notes)
    model.cast.networks.found(12)
    names = inside.choices(model)["network"]
    assert names[12] == "N13.2"
    assert inside.subject(model, "network", 12)["title"] == "Network N13.2"
