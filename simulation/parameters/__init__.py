"""The table of parameters: every number of the model, declared once.

A parameter has a unit, bounds, a default, a *kind* (``lever``: what a policy can set;
``assumption``: behaviour that no study has measured for this use; ``structure``: map,
commodities, networks, records), a *source* (or the word "assumption") and a meaning in one
sentence. Validation, documentation, sliders, sampler ranges and reports are derived from here.

Keys are dotted, ``group.key``; rows about one country, agency, pair, network or commodity carry
its name in the middle: ``countries.TJK.capability``, ``agencies.TJK-customs.officers``,
``pairs.TJK-UZB.trust``, ``networks.N07.members``, ``commodities.heroin.supply_per_year``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from tocsin.simulation.parameters.behaviour import (
    Beliefs,
    Costs,
    Detection,
    Innovation,
    Investigation,
    Market,
    Organisation,
    Trafficking,
    Trust,
)
from tocsin.simulation.parameters.declaring import (
    ASSUMPTION,
    FUNDS,
    Allocation,
    Group,
    Kind,
    Mandate,
)
from tocsin.simulation.parameters.policy import (
    Capacity,
    Cooperation,
    Governance,
    Intelligence,
    Legal,
    Operations,
)
from tocsin.simulation.parameters.world import (
    Agency,
    Channels,
    Commodity,
    Country,
    Geography,
    Measurement,
    Network,
    Pair,
    WorldSettings,
)

__all__ = [
    "ASSUMPTION",
    "COLLECTIONS",
    "FUNDS",
    "GROUPS",
    "Agency",
    "Allocation",
    "Beliefs",
    "Capacity",
    "Channels",
    "Commodity",
    "Cooperation",
    "Costs",
    "Country",
    "Detection",
    "Geography",
    "Governance",
    "Group",
    "Innovation",
    "Intelligence",
    "Investigation",
    "Kind",
    "Legal",
    "Mandate",
    "Market",
    "Measurement",
    "Network",
    "Operations",
    "Organisation",
    "Pair",
    "Parameters",
    "Row",
    "Trafficking",
    "Trust",
    "WorldSettings",
    "groups_of",
    "instruments",
    "row_of",
    "short_name",
    "table",
    "table_of",
]  # fmt: skip


class Parameters(Group):
    """All values of one scenario.

    A mechanism from outside has its group of values here too, under its own name. Printed, it says
    how large the world is; `tocsin parameters` lists the values.
    """

    model_config = ConfigDict(extra="allow")

    world: WorldSettings
    measurement: Measurement = Measurement()
    cooperation: Cooperation = Cooperation()
    intelligence: Intelligence = Intelligence()
    capacity: Capacity = Capacity()
    operations: Operations = Operations()
    detection: Detection = Detection()
    beliefs: Beliefs = Beliefs()
    trafficking: Trafficking = Trafficking()
    organisation: Organisation = Organisation()
    investigation: Investigation = Investigation()
    innovation: Innovation = Innovation()
    legal: Legal = Legal()
    governance: Governance = Governance()
    trust: Trust = Trust()
    market: Market = Market()
    costs: Costs = Costs()
    channels: Channels = Channels()
    geography: Geography = Geography()
    countries: dict[str, Country]
    agencies: dict[str, Agency] = Field(default_factory=dict)
    pairs: dict[str, Pair] = Field(default_factory=dict)
    commodities: dict[str, Commodity]
    networks: dict[str, Network] = Field(default_factory=dict)

    def __repr__(self) -> str:
        return (f"<Parameters: {len(self.countries)} countries, {self.world.networks} networks, "
                f"{', '.join(self.commodities)}, {self.world.weeks} weeks>")  # fmt: skip

    __str__ = __repr__

    def network_ids(self) -> tuple[str, ...]:
        """Ids of the generated networks, N01 and so on."""
        digits = max(2, len(str(self.world.networks)))
        return tuple(f"N{n:0{digits}d}" for n in range(1, self.world.networks + 1))


COLLECTIONS: dict[str, type[Group]] = {
    "countries": Country,
    "agencies": Agency,
    "pairs": Pair,
    "commodities": Commodity,
    "networks": Network,
}
GROUPS: dict[str, type[Group]] = {
    name: field.annotation
    for name, field in Parameters.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Group)
}


def groups_of(parameters: Parameters) -> dict[str, type[Group]]:
    """The groups of a scenario by name: those of the package, then those of its mechanisms."""
    added = parameters.__pydantic_extra__ or {}
    return GROUPS | {name: type(values) for name, values in added.items()}


@dataclass(frozen=True)
class Row:
    """One parameter as people see it; `key` has ``*`` where a name belongs."""

    key: str
    kind: Kind
    type: str
    unit: str
    low: float | None
    high: float | None
    default: Any
    required: bool
    source: str
    mandate: Mandate | None
    meaning: str

    @property
    def status(self) -> Literal["assumed", "sourced"]:
        """Whether the default rests on a source or is an assumption."""
        return "assumed" if self.source.startswith(ASSUMPTION) else "sourced"


def _bound(field: FieldInfo, name: str) -> float | None:
    return next((getattr(m, name) for m in field.metadata if hasattr(m, name)), None)


def _type_name(annotation: Any) -> str:
    if isinstance(annotation, type):
        return annotation.__name__
    return str(annotation).replace("typing.", "")


def row_of(key: str, field: FieldInfo) -> Row:
    """A declared field as people see it; `key` has ``*`` where a name belongs."""
    extra: Any = field.json_schema_extra
    return Row(
        key=key,
        kind=extra["kind"],
        type=_type_name(field.annotation),
        unit=extra["unit"],
        low=_bound(field, "ge"),
        high=_bound(field, "le"),
        default=None if field.default is PydanticUndefined else field.default,
        required=field.is_required(),
        source=extra["source"],
        mandate=extra["mandate"],
        meaning=field.description or "",
    )


@cache
def instruments() -> tuple[str, ...]:
    """Dotted keys of the coordinator's instruments; what they sum to is its budget."""
    return tuple(row.key for row in table() if row.kind == "lever" and row.key.endswith(FUNDS))


def short_name(instrument: str) -> str:
    """Name of an instrument in indicators: ``capacity``, ``task_forces``."""
    name = instrument.partition(".")[2].removesuffix(FUNDS)
    return "capacity" if name == "funding" else name


def table_of(parameters: Parameters) -> tuple[Row, ...]:
    """Every parameter of a scenario: `table`, and the rows of its mechanisms."""
    added = {name: m for name, m in groups_of(parameters).items() if name not in GROUPS}
    return table() + tuple(_rows(added))


def _rows(groups: Mapping[str, type[Group]]) -> list[Row]:
    return [
        row_of(f"{group}.{key}", field)
        for group, model in groups.items()
        for key, field in model.model_fields.items()
    ]


@cache
def table() -> tuple[Row, ...]:
    """Every parameter of the package, in the order of declaration."""
    rows = _rows(GROUPS)
    rows += [
        row_of(f"{collection}.*.{key}", field)
        for collection, model in COLLECTIONS.items()
        for key, field in model.model_fields.items()
    ]
    return tuple(rows)
