"""The maps of real countries that are shipped, stated so that they can be made again.

Towns lie where atlases put them, rounded to a tenth of a degree. Which towns are there, which of
them are ports, where a window cuts a map off, and how wide a cell is, are choices of this table;
all the rest follows from outlines by the rules of `tocsin.cartography.build`. The first town of a
country is the one from which its roads go out.

``python -m tocsin.cartography.worlds`` in a checkout writes the map files anew; a test watches that
the shipped ones are what this table gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tocsin.cartography.build import BuiltMap, Site, build, port
from tocsin.cartography.raster import Window
from tocsin.simulation.geography.map_files import map_text

MADE = "Made by python -m tocsin.cartography.worlds; change the table there."


@dataclass(frozen=True)
class Statement:
    """What one shipped map is made of.

    Attributes
    ----------
    title
        As in the map file; the path of the file under ``scenarios/`` is the key of `WORLDS`.
    year
        Year of the governance data of its profiles.
    window
        West, south, east, north in degrees.
    towns
        ISO alpha-3 code -> name -> site. Its keys are the countries of the map.
    """

    title: str
    year: int
    window: Window
    towns: Mapping[str, Mapping[str, Site]]
    cell_km: float = 50.0

    def make(self) -> BuiltMap:
        """Build it, with a note of the disputed areas on it as on every map of `tocsin map`."""
        return build(list(self.towns), self.cell_km, self.title, self.year, self.towns,
                     self.window)  # fmt: skip


_CENTRAL_ASIA: dict[str, dict[str, Site]] = {
    "AFG": {
        "Kabul": Site(69.2, 34.5),
        "Kunduz": Site(68.9, 36.7),
        "Mazar-i-Sharif": Site(67.1, 36.7),
        "Herat": Site(62.2, 34.3),
    },
    "KAZ": {
        "Almaty": Site(76.9, 43.2),
        "Shymkent": Site(69.6, 42.3),
        "Astana": Site(71.4, 51.2),
        "Aktobe": Site(57.2, 50.3),
        "Aktau": Site(51.2, 43.7),
    },
    "KGZ": {"Bishkek": Site(74.6, 42.9), "Osh": Site(72.8, 40.5)},
    "RUS": {
        "Samara": Site(50.2, 53.2),
        "Yekaterinburg": Site(60.6, 56.8),
        "Omsk": Site(73.4, 55.0),
        "Novosibirsk": Site(82.9, 55.0),
        "Astrakhan": Site(48.0, 46.3),
    },
    "TJK": {
        "Dushanbe": Site(68.8, 38.6),
        "Khujand": Site(69.6, 40.3),
        "Khorog": Site(71.6, 37.5),
    },
    "TKM": {
        "Ashgabat": Site(58.4, 37.9),
        "Mary": Site(61.8, 37.6),
        "Turkmenbashi": Site(53.0, 40.0),
    },
    "UZB": {"Tashkent": Site(69.2, 41.3), "Termez": Site(67.3, 37.2), "Nukus": Site(59.6, 42.5)},
}

_TARCET: dict[str, dict[str, Site]] = {
    **_CENTRAL_ASIA,
    "AFG": {
        **_CENTRAL_ASIA["AFG"],
        "Kandahar": Site(65.7, 31.6),
        "Jalalabad": Site(70.5, 34.4),
    },
    "IRN": {
        "Tehran": Site(51.4, 35.7),
        "Mashhad": Site(59.6, 36.3),
        "Zahedan": Site(60.9, 29.5),
        "Bandar Abbas": port(56.3, 27.2),
        "Bandar Anzali": port(49.5, 37.5),
    },
    "PAK": {
        "Lahore": Site(74.3, 31.5),
        "Peshawar": Site(71.6, 34.0),
        "Quetta": Site(67.0, 30.2),
        "Karachi": port(67.0, 24.9),
    },
}

_BALKAN: dict[str, dict[str, Site]] = {
    "ALB": {"Tirana": Site(19.8, 41.3), "Durres": port(19.5, 41.3)},
    "AUT": {"Vienna": Site(16.4, 48.2), "Graz": Site(15.4, 47.1)},
    "BGR": {"Sofia": Site(23.3, 42.7), "Svilengrad": Site(26.2, 41.8), "Varna": port(27.9, 43.2)},
    "BIH": {"Sarajevo": Site(18.4, 43.9)},
    "DEU": {"Frankfurt": Site(8.7, 50.1), "Munich": Site(11.6, 48.1), "Hamburg": port(10.0, 53.6)},
    "GRC": {
        "Thessaloniki": Site(22.9, 40.6),
        "Athens": Site(23.7, 38.0),
        "Igoumenitsa": port(20.3, 39.5),
        "Patras": port(21.7, 38.2),
    },
    "HRV": {"Zagreb": Site(16.0, 45.8), "Split": port(16.4, 43.5)},
    "HUN": {"Budapest": Site(19.0, 47.5), "Szeged": Site(20.1, 46.3)},
    "IRN": {"Tabriz": Site(46.3, 38.1), "Urmia": Site(45.1, 37.6)},
    "ITA": {
        "Milan": Site(9.2, 45.5),
        "Trieste": port(13.8, 45.6),
        "Ancona": port(13.5, 43.6),
        "Rome": Site(12.5, 41.9),
        "Bari": port(16.9, 41.1),
    },
    "MKD": {"Skopje": Site(21.4, 42.0)},
    "MNE": {"Podgorica": Site(19.3, 42.4), "Bar": port(19.1, 42.1)},
    "ROU": {
        "Bucharest": Site(26.1, 44.4),
        "Timisoara": Site(21.2, 45.8),
        "Constanta": port(28.6, 44.2),
    },
    "SRB": {"Belgrade": Site(20.5, 44.8), "Nis": Site(21.9, 43.3)},
    "SVN": {"Ljubljana": Site(14.5, 46.1)},
    "TUR": {
        "Ankara": Site(32.9, 39.9),
        "Istanbul": Site(29.0, 41.0),
        "Van": Site(43.4, 38.5),
        "Edirne": Site(26.6, 41.7),
        "Izmir": port(27.1, 38.4),
        "Samsun": port(36.3, 41.3),
    },
    "XKX": {"Pristina": Site(21.2, 42.7)},
}

_CENTRAL_AMERICA: dict[str, dict[str, Site]] = {
    "BLZ": {"Belmopan": Site(-88.8, 17.3), "Belize City": port(-88.2, 17.5)},
    "COL": {
        "Medellin": Site(-75.6, 6.2),
        "Bogota": Site(-74.1, 4.7),
        "Cali": Site(-76.5, 3.4),
        "Buenaventura": port(-77.0, 3.9),
        "Turbo": port(-76.7, 8.1),
        "Cartagena": port(-75.5, 10.4),
    },
    "CRI": {
        "San Jose": Site(-84.1, 9.9),
        "Limon": port(-83.0, 10.0),
        "Puntarenas": port(-84.8, 10.0),
    },
    "CUB": {"Havana": port(-82.4, 23.1), "Santiago de Cuba": port(-75.8, 20.0)},
    "DOM": {"Santo Domingo": port(-69.9, 18.5), "Santiago": Site(-70.7, 19.5)},
    "GTM": {"Guatemala City": Site(-90.5, 14.6), "Puerto Barrios": port(-88.6, 15.7)},
    "HND": {
        "Tegucigalpa": Site(-87.2, 14.1),
        "San Pedro Sula": Site(-88.0, 15.5),
        "La Ceiba": port(-86.8, 15.8),
    },
    "HTI": {"Port-au-Prince": port(-72.3, 18.5)},
    "JAM": {"Kingston": port(-76.8, 18.0)},
    "MEX": {
        "Mexico City": Site(-99.1, 19.4),
        "Tapachula": Site(-92.3, 14.9),
        "Cancun": port(-86.9, 21.2),
        "Veracruz": port(-96.1, 19.2),
        "Manzanillo": port(-104.3, 19.1),
        "Culiacan": Site(-107.4, 24.8),
        "Monterrey": Site(-100.3, 25.7),
        "Nuevo Laredo": Site(-99.5, 27.5),
        "Ciudad Juarez": Site(-106.5, 31.7),
        "Tijuana": Site(-117.0, 32.5),
    },
    "NIC": {"Managua": Site(-86.3, 12.1), "Bluefields": port(-83.8, 12.0)},
    "PAN": {"Panama City": port(-79.5, 9.0), "Colon": port(-79.9, 9.4), "David": Site(-82.4, 8.4)},
    "PRI": {"San Juan": port(-66.1, 18.5)},
    "SLV": {"San Salvador": Site(-89.2, 13.7)},
    "USA": {
        "Houston": Site(-95.4, 29.8),
        "Laredo": Site(-99.5, 27.5),
        "El Paso": Site(-106.5, 31.8),
        "San Diego": port(-117.2, 32.7),
        "New Orleans": port(-90.1, 30.0),
        "Miami": port(-80.2, 25.8),
    },
    "VEN": {
        "Caracas": Site(-66.9, 10.5),
        "Maracaibo": port(-71.6, 10.6),
        "San Fernando": Site(-67.5, 7.9),
    },
}

_MEDITERRANEAN: dict[str, dict[str, Site]] = {
    "DZA": {"Algiers": Site(3.1, 36.8), "Oran": port(-0.6, 35.7), "Annaba": port(7.8, 36.9)},
    "EGY": {"Cairo": Site(31.2, 30.0), "Alexandria": port(29.9, 31.2)},
    "ESP": {
        "Madrid": Site(-3.7, 40.4),
        "Algeciras": port(-5.5, 36.1),
        "Almeria": port(-2.5, 36.8),
        "Barcelona": port(2.2, 41.4),
    },
    "FRA": {"Lyon": Site(4.8, 45.8), "Marseille": port(5.4, 43.3)},
    "GRC": {
        "Athens": Site(23.7, 38.0),
        "Thessaloniki": Site(22.9, 40.6),
        "Patras": port(21.7, 38.2),
        "Heraklion": port(25.1, 35.3),
    },
    "ITA": {
        "Rome": Site(12.5, 41.9),
        "Milan": Site(9.2, 45.5),
        "Catania": port(15.1, 37.5),
        "Trapani": port(12.5, 38.0),
        "Bari": port(16.9, 41.1),
    },
    "LBY": {
        "Tripoli": port(13.2, 32.9),
        "Sabha": Site(14.4, 27.0),
        "Benghazi": port(20.1, 32.1),
        "Zuwara": Site(12.1, 32.9),
    },
    "MAR": {"Rabat": Site(-6.8, 34.0), "Tangier": port(-5.8, 35.8), "Nador": port(-2.9, 35.2)},
    "TUN": {"Tunis": port(10.2, 36.8), "Sfax": port(10.8, 34.7)},
    "TUR": {
        "Ankara": Site(32.9, 39.9),
        "Istanbul": Site(29.0, 41.0),
        "Izmir": port(27.1, 38.4),
        "Mersin": port(34.6, 36.8),
    },
}

_NORTH_ATLANTIC: dict[str, dict[str, Site]] = {
    "CAN": {"Ottawa": Site(-75.7, 45.4), "Montreal": Site(-73.6, 45.5)},
    "DEU": {"Berlin": Site(13.4, 52.5)},
    "FRA": {"Paris": Site(2.4, 48.9)},
    "GBR": {"London": port(-0.1, 51.5)},
    "ISL": {"Reykjavik": port(-21.9, 64.1)},
    "LTU": {"Vilnius": Site(25.3, 54.7)},
    "NLD": {"Amsterdam": port(4.9, 52.4)},
    "USA": {"New York": port(-74.0, 40.7)},
}

WORLDS: dict[str, Statement] = {
    "central_asia/central_asia.map": Statement(
        "Central Asia", 2011, (46.5, 29.0, 88.0, 57.5), _CENTRAL_ASIA
    ),
    "tarcet/tarcet.map": Statement(
        "Afghanistan and all its trading neighbours", 2011, (44.0, 23.5, 88.0, 57.5), _TARCET
    ),
    "balkan_route/balkan_route.map": Statement(
        "The Balkan route", 2011, (6.0, 34.5, 48.5, 54.0), _BALKAN
    ),
    "central_america/central_america.map": Statement(
        "Central America and the Caribbean", 2011, (-118.0, 1.0, -62.0, 33.0), _CENTRAL_AMERICA
    ),
    "mediterranean/mediterranean.map": Statement(
        "The Mediterranean", 2019, (-11.0, 25.5, 42.0, 47.5), _MEDITERRANEAN
    ),
    "dark_net/north_atlantic.map": Statement(
        "The North Atlantic",
        2015,
        (-90.0, 36.0, 30.0, 67.0),
        _NORTH_ATLANTIC,
        cell_km=100.0,
    ),
}


def main() -> None:
    """Write the map files of a checkout."""
    for name, world in WORLDS.items():
        file = Path("scenarios") / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(map_text(world.make().grid, MADE), encoding="utf-8")
        print(file)


if __name__ == "__main__":
    main()
