"""Views of a model for Mesa's own tools."""

import pandas as pd
from mesa.datacollection import DataCollector

from simulation.record import Record


class SeriesView(DataCollector):
    """Mesa's data collector as a view of the record, which keeps its own columns."""

    def __init__(self, record: Record) -> None:
        super().__init__(model_reporters={})
        self._record = record

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Series of all indicators, one row a week."""
        return self._record.series()
