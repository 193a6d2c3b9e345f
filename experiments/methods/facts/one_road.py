"""A world without geography: two countries, one border, one route."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tocsin.simulation.scenario.files import Scenario, load

MAP = """
schema = 1
title = "One road"
cell_km = 50.0
source = "drawn for this check; fictional"
[countries]
A = "AAA"
B = "BBB"
[terrain]
"." = "plain"
"=" = "road"
x = "crossing"
[towns]
1 = "From"
2 = "To"
[layers]
countries = '''
AAABBB
AAABBB
AAABBB
'''
terrain = '''
......
1=xx=2
......
'''
"""
COUNTRY = """
[countries.{code}]
name = "{code}"
officers = 300
capability = 0.4
corruption = 0.15
legal = 0.6
"""
SCENARIO = """
schema = 1
title = "One road"
question = "What do recruitment and arrests do to membership where nobody can go elsewhere?"
author = "The Tocsin contributors"
description = "Two countries, one border, one route."
[world]
map = "one_road.map"
sector_km = 150.0
routes_per_pair = 1
markets_per_network = 1
{countries}
[commodities.heroin]
sources = ["From"]
markets = ["To"]
supply_per_year = 40_000
shipment_size = 1.0
source_price = 2_500
market_price = 25_000
[sources]
"*" = "assumption: a reduced setting, with the market of baseline"
"""


def one_road() -> Scenario:
    """The reduced world."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one_road.map").write_text(MAP, encoding="utf-8")
        countries = "".join(COUNTRY.format(code=code) for code in ("AAA", "BBB"))
        file = folder / "one_road.toml"
        file.write_text(SCENARIO.format(countries=countries), encoding="utf-8")
        return load(file)
