"""Sentences for people: placeholders, plural forms, and translations that do not fit."""

from gettext import NullTranslations

import pytest
from tocsin.simulation import messages
from tocsin.simulation.messages import _, ngettext


class Swapped(NullTranslations):
    """A translation with another order, three forms of the plural, and one fault."""

    def gettext(self, message):
        return {"{name} is in {folder}.": "In {folder} liegt {name}.",
                "{name} is old.": "{nam} ist alt."}.get(message, message)  # fmt: skip

    def ngettext(self, msgid1, msgid2, n):
        return ("{number} bieg", "{number} biegi", "{number} biegów")[
            0 if n == 1 else 1 if n % 10 in (2, 3, 4) else 2
        ]


def test_placeholders_are_filled_by_name():
    assert _("{name} is in {folder}.", folder="out", name="run") == "run is in out."


def test_a_number_chooses_the_form():
    def said(number):
        return ngettext("{number} run in {folder}", "{number} runs in {folder}", number, folder="x")

    assert [said(n) for n in (0, 1, 2)] == ["0 runs in x", "1 run in x", "2 runs in x"]
    assert ngettext("one run", "{number} runs", 1) == "one run"


def test_a_placeholder_without_a_value_is_an_error_and_a_value_without_a_place():
    with pytest.raises(ValueError, match="no value for"):
        _("{name} is here.")
    with pytest.raises(ValueError, match="no place for"):
        _("It is here.", name="run")
    with pytest.raises(ValueError, match="no value for"):
        ngettext("{number} run in {folder}", "{number} runs in {folder}", 2)


def test_braces_and_percent_signs_in_a_value_stay():
    assert _("{name} is old.", name="{name} 80 %s") == "{name} 80 %s is old."


def test_a_translation_has_its_own_order_and_forms_and_a_fault_in_it_gives_english(monkeypatch):
    monkeypatch.setattr(messages, "_catalogue", Swapped())
    assert _("{name} is in {folder}.", folder="out", name="run") == "In out liegt run."
    assert [ngettext("{number} run", "{number} runs", n) for n in (1, 3, 5)] == [
        "1 bieg", "3 biegi", "5 biegów",
    ]  # fmt: skip
    assert _("{name} is old.", name="run") == "run is old."
