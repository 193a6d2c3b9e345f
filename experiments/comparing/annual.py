"""The annual report of the coordinator as a page that one can read (M18)."""

from tocsin.simulation.mechanisms.cooperation.evaluation import AnnualReport
from tocsin.simulation.parameters import short_name
from tocsin.simulation.recording.indicators import label_of
from tocsin.simulation.recording.markdown import as_written
from tocsin.simulation.recording.quantities import Quantity, fixed
from tocsin.simulation.scenario.files import Scenario


def report_text(report: AnnualReport, scenario: Scenario) -> str:
    """One year's report as Markdown: what was done, results against targets, lessons, money."""
    lines = [
        f"# Annual report of the coordinator, year {report.year}",
        "",
        f"Scenario: {as_written(scenario.title)}. The books of the year close with its last week "
        "but one.",
        "",
        "## What was done",
        "",
        *(f"- {label_of(name)}: {count:,}" for name, count in report.done.items()),
        "",
        "## Results against targets",
        "",
        "| indicator | this year | target | met |",
        "|---|---|---|---|",
    ]
    for name, (value, target, met) in report.results.items():
        said = {None: "no target yet", True: "yes", False: "no"}[met]
        lines.append(
            f"| {label_of(name)} | {_number(name, value, value, scenario)} "
            f"| {_number(name, target, value, scenario)} | {said} |"
        )
    lines += ["", "## Money", "", "| instrument | million USD a year | estimated worth of "
              "interdictions per million |", "|---|---|---|"]  # fmt: skip
    for key, spent in report.spent.items():
        worth = report.effectiveness.get(key)
        shown = "not evaluated" if worth is None else fixed(worth, 1)
        lines.append(f"| {short_name(key).replace('_', ' ')} | {fixed(spent)} | {shown} |")
    if not report.spent:
        lines.append("| no instrument has funds | 0.00 | |")
    if report.moved:
        source, target, amount = report.moved
        lines += ["", f"Moved for next year: {fixed(amount)} million USD from "
                  f"{short_name(source).replace('_', ' ')} to "
                  f"{short_name(target).replace('_', ' ')}."]  # fmt: skip
    if report.misspent_found:
        countries = scenario.parameters.countries
        lines += ["", "## Audit", ""]
        lines += [
            f"- {as_written(countries[code].name)}: {fixed(amount)} million USD misspent"
            for code, amount in report.misspent_found.items()
        ]
    lines += ["", "## Lessons", "", *(f"- {as_written(lesson)}" for lesson in report.lessons), ""]
    return "\n".join(lines)


def _number(name: str, value: float | None, size: float | None, scenario: Scenario) -> str:
    """What a year counted, in the unit of its size; a whole number is written in full."""
    if value is None:
        return "–"
    return Quantity.of(name, scenario, abs(size or 0.0)).level(value)
