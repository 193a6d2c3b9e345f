"""Country profiles from the Worldwide Governance Indicators and CLDR, by a stated rule.

The indicators are percentile ranks. How they map to the model's quantities is an assumption:
capability follows government effectiveness, the share of patrols that can be bought follows
(lack of) control of corruption, and legal strength follows the rule of law.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pycountry
from babel.languages import get_official_languages
from tocsin.cartography.outlines import name_of
from tocsin.simulation.errors import InputError

YEARS = (2011, 2015, 2019)
OWN_CODES = {"ROU": "ROM", "COD": "ZAR", "AND": "ADO", "TLS": "TMP", "XKX": "KSV",
             "PSE": "WBG"}  # fmt: skip


@dataclass(frozen=True)
class GovernanceProfile:
    """What governance data say of a country, in the model's terms (all 0 to 1)."""

    capability: float
    corruption: float
    legal: float
    political_will: float
    languages: tuple[str, ...]

    @classmethod
    def of_ranks(
        cls, effectiveness: float, control: float, law: float, languages: tuple[str, ...]
    ) -> "GovernanceProfile":
        """The rule, on ranks from 0 to 1: government effectiveness, control of corruption, law."""
        return cls(
            capability=round(0.15 + 0.55 * effectiveness, 2),
            corruption=round(0.45 * (1 - control), 2),
            legal=round(0.25 + 0.65 * law, 2),
            political_will=round(0.3 + 0.5 * effectiveness, 2),
            languages=languages,
        )

    def lines(self) -> list[str]:
        """Rows of a scenario file."""
        rows = [f"{name} = {getattr(self, name):.2f}"
                for name in ("capability", "corruption", "legal", "political_will")]  # fmt: skip
        return [*rows, f"languages = [{', '.join(f'"{one}"' for one in self.languages)}]"]


@cache
def _ranks() -> dict[tuple[str, int], dict[str, float]]:
    text = resources.files("tocsin.cartography").joinpath("governance.csv").read_text("utf-8")
    names = ("control_of_corruption", "rule_of_law", "government_effectiveness")
    return {
        (row["code"], int(row["year"])): {name: float(row[name]) / 100 for name in names}
        for row in csv.DictReader(text.splitlines())
        if all(row[name] for name in names)
    }


def profile(code: str, year: int) -> GovernanceProfile:
    """Profile of a country from the data of a year.

    Raises
    ------
    InputError
        The data have no such country or year.
    """
    ranks = _ranks().get((OWN_CODES.get(code, code), year))
    if ranks is None:
        raise InputError(
            f"--countries {code}: the governance data have no values for {name_of(code)} in "
            f"{year}; leave it out."
        )
    country = pycountry.countries.get(alpha_3=code)
    languages = get_official_languages(country.alpha_2, de_facto=True) if country else ()
    return GovernanceProfile.of_ranks(
        ranks["government_effectiveness"],
        ranks["control_of_corruption"],
        ranks["rule_of_law"],
        tuple(sorted({language.split("_")[0] for language in languages})),
    )
