"""Over land and short sea: across borders and coasts, wherever terrain lets people through."""

from tocsin.simulation.geography.modes.mode import Mode


class Land(Mode):
    """Over land and by small boat."""

    name = "land"
    meaning = "over land and short sea, by small boat"


LAND = Land()
