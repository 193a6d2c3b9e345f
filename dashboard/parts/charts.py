"""Which indicators the charts show, and how a weekly column becomes a line that can be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.experiments.comparing.cautions import of_file, of_runs
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.recording.quantities import Quantity
from tocsin.simulation.steering import LiveRun

QUARTER, YEAR = 13, 52
ONE_RUN = (
    "Better and worse are those of this one run and week, under one luck. Whether they hold under "
    "other luck, Compare answers with “Is it luck?”."
)
Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Chart:
    """One small chart.

    `line` makes what is drawn from the weekly columns; `top` is the highest value of the axis if
    it is fixed; `direction` says which way is better for the public.
    """

    key: str
    unit: str
    digits: int
    line: Callable[[Columns], NDArray[np.float64]]
    top: float = 0.0

    def described(self) -> dict[str, Any]:
        """What the page needs of it."""
        indicator = indicator_of(self.key)
        return {"key": self.key, "name": indicator.label, "unit": self.unit, "digits": self.digits,
                "meaning": indicator.definition, "direction": indicator.direction,
                "top": self.top}  # fmt: skip


def _mean(key: str, weeks: int, factor: float = 1.0) -> Callable[[Columns], NDArray[np.float64]]:
    return lambda columns: factor * moving_mean(columns[key], weeks)


def _intercepted(columns: Columns) -> NDArray[np.float64]:
    seized = moving_mean(columns["seized"], YEAR)
    arrived = moving_mean(columns["delivered"], YEAR)
    whole = seized + arrived
    share = 100 * np.divide(seized, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    share[:QUARTER] = np.nan  # the first shipments have not had the time to arrive
    return share


def charts(parameters: Parameters) -> list[Chart]:
    """The charts of a world; amounts are in the unit of its headline commodity."""
    amount, price, cost = (
        Quantity.of(key, parameters) for key in ("delivered", "market_price", "cost_total")
    )
    cents = 2 if amount.unit == "USD" else 0
    return [
        Chart("delivered", f"{amount.unit} a week", 0,
              _mean("delivered", QUARTER, amount.scale)),
        Chart("interception_rate", "% over a year", 1, _intercepted),
        Chart("market_price", price.unit, cents,
              _mean("market_price", 1)),
        Chart("networks_active", "", 0, _mean("networks_active", 1)),
        Chart("items_used", "a week", 1, _mean("items_used", QUARTER)),
        Chart("capability_mean", "mean", 2,
              _mean("capability_mean", 1), 1.0),
        Chart("trust_mean", "mean", 2, _mean("trust_mean", 1), 1.0),
        Chart("cost_total", f"{cost.unit} a year", 0,
              _mean("cost_total", QUARTER, YEAR * cost.scale)),
    ]  # fmt: skip


def packed(shown: Sequence[Chart], first: Columns, second: Columns) -> bytes:
    """Lines of both runs, chart by chart, as float32; NaN where undefined."""
    lines = [chart.line(columns) for chart in shown for columns in (first, second)]
    return np.concatenate(lines).astype("<f4").tobytes() if lines else b""


def cautions(runs: Mapping[str, LiveRun]) -> list[str]:
    """What to know before reading live runs; what holds for one of several begins with its name.

    From their files at any time, and after a year from what has come of them so far.
    """
    said: dict[str, list[str]] = {}
    for name, run in runs.items():
        found = of_file(run.scenario)
        if run.week >= YEAR:
            ends = [run.model.record.summary()]
            found += of_runs(run.scenario, ends, run.week, so_far=not run.finished)
        for caution in found:
            said.setdefault(caution, []).append(name)
    lines = [
        caution if len(names) == len(runs) else f"{names[0]}: {caution}"
        for caution, names in said.items()
    ]
    return [line[0].upper() + line[1:] for line in lines]


def moving_mean(values: NDArray[Any], weeks: int) -> NDArray[np.float64]:
    """Mean over the last weeks up to each week, of what is defined; NaN where nothing is."""
    numbers = np.asarray(values, dtype=float)
    known = ~np.isnan(numbers)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, numbers, 0.0))])
    count = np.concatenate([[0], np.cumsum(known)])
    end = np.arange(1, numbers.size + 1)
    start = np.maximum(0, end - weeks)
    number = count[end] - count[start]
    return np.divide(total[end] - total[start], number,
                     out=np.full(numbers.shape, np.nan), where=number > 0)  # fmt: skip
