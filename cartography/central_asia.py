"""The map of Central Asia that is shipped, so that it can be made again.

Towns lie where atlases put them, rounded to a tenth of a degree.
"""

from cartography.build import World, build

COUNTRIES = ("AFG", "KAZ", "KGZ", "RUS", "TJK", "TKM", "UZB")
WINDOW = (46.5, 29.0, 88.0, 57.5)
CELL_KM = 50.0
TOWNS = {
    "AFG": {
        "Kabul": (69.2, 34.5),
        "Kunduz": (68.9, 36.7),
        "Mazar-i-Sharif": (67.1, 36.7),
        "Herat": (62.2, 34.3),
    },
    "KAZ": {
        "Almaty": (76.9, 43.2),
        "Shymkent": (69.6, 42.3),
        "Astana": (71.4, 51.2),
        "Aktobe": (57.2, 50.3),
        "Aktau": (51.2, 43.7),
    },
    "KGZ": {"Bishkek": (74.6, 42.9), "Osh": (72.8, 40.5)},
    "RUS": {
        "Samara": (50.2, 53.2),
        "Yekaterinburg": (60.6, 56.8),
        "Omsk": (73.4, 55.0),
        "Novosibirsk": (82.9, 55.0),
        "Astrakhan": (48.0, 46.3),
    },
    "TJK": {"Dushanbe": (68.8, 38.6), "Khujand": (69.6, 40.3), "Khorog": (71.6, 37.5)},
    "TKM": {"Ashgabat": (58.4, 37.9), "Mary": (61.8, 37.6), "Turkmenbashi": (53.0, 40.0)},
    "UZB": {"Tashkent": (69.2, 41.3), "Termez": (67.3, 37.2), "Nukus": (59.6, 42.5)},
}


def central_asia() -> World:
    """Build it: seven countries at 50 km, Russia as far as the window reaches."""
    return build(COUNTRIES, CELL_KM, "Central Asia", 2011, TOWNS, WINDOW)
