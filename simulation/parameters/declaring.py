"""How a parameter is declared: its kind, unit, bounds, source and meaning, in one place."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["lever", "assumption", "structure"]
Mandate = Literal["share", "coordinate", "operate"]
Allocation = Literal["equal", "need", "threat", "performance"]

ASSUMPTION = "assumption"
FUNDS = "_musd_per_year"
PROTOTYPE = "assumption; value that gave a stable core in the design study"


def _declare(
    kind: Kind,
    default: Any,
    meaning: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    source: str = ASSUMPTION,
    mandate: Mandate | None = None,
) -> Any:
    """One row of the table; a default of ``...`` means that the scenario must give the value."""
    return Field(
        default=default,
        description=meaning,
        ge=low,
        le=high,
        json_schema_extra={"kind": kind, "unit": unit, "source": source, "mandate": mandate},
    )


def lever(default: Any, meaning: str, **row: Any) -> Any:
    """Declare what a policy can set.

    Parameters
    ----------
    default
        Value where no scenario gives one; ``...`` if the scenario must.
    meaning
        What it is, a sentence.
    row
        ``unit``, bounds ``low`` and ``high``, ``source`` (an assumption if nothing is said), and
        ``mandate``, what a coordinator must be allowed to do: share, coordinate or operate.
    """
    return _declare("lever", default, meaning, **row)


def assumption(default: Any, meaning: str, **row: Any) -> Any:
    """Declare behaviour that is uncertain; studies sample it between its bounds; as `lever`."""
    return _declare("assumption", default, meaning, **row)


def instrument(meaning: str, **row: Any) -> Any:
    """Declare the yearly funds of one instrument of the coordinator; nothing by default."""
    return _declare(
        "lever", 0.0, meaning, unit="million USD a year", low=0, high=200,
        source="assumption; an instrument that nobody pays for does nothing", **row,
    )  # fmt: skip


def structure(default: Any, meaning: str, **row: Any) -> Any:
    """Declare a property of the world, or of how a run is recorded; as `lever`."""
    return _declare("structure", default, meaning, **row)


class Group(BaseModel):
    """Rows that share a prefix. Frozen: a changed value is a new object."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)
