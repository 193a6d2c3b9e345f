"""Views of a model for Mesa's own tools."""

from typing import Any

import pandas as pd
from mesa.datacollection import DataCollector
from tocsin.simulation.recording.record import Record


class SeriesView(DataCollector):
    """Mesa's data collector as a view of the record, which keeps its own columns.

    Parameters
    ----------
    record
        Of the model.
    seed
        Of the run; batches of runs report it, so that each can be run again.
    """

    def __init__(self, record: Record, seed: int) -> None:
        super().__init__()
        self._record = record
        self._seed = seed
        self._columns: dict[str, list[Any]] = {}

    def collect(self, model: Any) -> None:
        """Mesa calls this once a step; the record is kept by the model itself."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Series of all indicators, one row a week."""
        return self._record.series()

    @property
    def _collection_steps(self) -> list[int]:
        return list(range(1, self._record.weeks + 1))

    @_collection_steps.setter
    def _collection_steps(self, steps: list[int]) -> None:
        """Mesa starts a collector with none; the record knows them."""

    @property
    def model_vars(self) -> dict[str, list[Any]]:
        """Values of all weeks by indicator, and the seed of the run."""
        weeks = self._record.weeks
        if len(self._columns.get("seed", ())) != weeks:
            columns = self._record.columns.items()
            self._columns = {name: values[:weeks].tolist() for name, values in columns}
            self._columns["seed"] = [self._seed] * weeks
        return self._columns

    @model_vars.setter
    def model_vars(self, values: dict[str, list[Any]]) -> None:
        """Mesa starts a collector without values; the record has them."""
