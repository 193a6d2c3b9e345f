"""Details on request: deliveries and missed tips, which a log leaves out for their number."""

from collections import deque
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.state import Laid

if TYPE_CHECKING:
    from simulation.model import BorderModel


class Details(Laid):
    """Watches every delivery and every watch that leads to nothing."""

    def __init__(self, patience: int) -> None:
        self._before: tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]] | None = None
        self._passed: deque[NDArray[np.int32]] = deque(maxlen=patience)

    def before(self, model: "BorderModel") -> None:
        """Note what is under way before the week's movement."""
        count, under_way = model.shipments.count, model.shipments
        self._before = (under_way.key[:count].copy(), under_way.lane[:count].copy(),
                        under_way.amount[:count].copy())  # fmt: skip

    def deliveries(self, model: "BorderModel") -> None:
        """Log what has arrived: what is neither under way any more nor was taken."""
        assert self._before is not None
        key, lane, amount = self._before
        left = model.shipments.key[: model.shipments.count]
        gone = ~np.isin(key, np.concatenate([left, model.taken_keys])) & model.portfolios.open[lane]
        lanes, trade = model.trade.lanes, model.trade
        for at in np.flatnonzero(gone).tolist():
            sector = int(lanes.place_sector[lanes.end[lane[at]] - 1])
            model.log.record(
                f"delivery-{int(key[at]):016x}", model.week, "delivery",
                model.networks.names[int(lanes.network[lane[at]])],
                country=model.codes[model.sectors.country[sector]],
                sector=model.sectors.ids[sector],
                network=model.networks.names[int(lanes.network[lane[at]])],
                commodity=trade.commodities[trade.lane_commodity[lane[at]]],
                amount=int(amount[at]),
            )  # fmt: skip
        self._passed.append(model.moved.passed.copy())

    def missed(self, model: "BorderModel", expired: NDArray[np.intp]) -> None:
        """Log watches on received tips that led to nothing; (sector, network) of each."""
        lanes = model.trade.lanes
        passed = np.sum(self._passed, axis=0)
        for sector, network in expired.tolist():
            came_by = int(
                passed[(lanes.place_sector == sector) & (lanes.place_network == network)].sum()
            )
            watch = model.watch_ids[sector, network]
            code = model.codes[model.sectors.country[sector]]
            model.log.record(
                f"missed-{watch.removeprefix('watch-')}", model.week, "missed", code,
                country=code, sector=model.sectors.ids[sector],
                network=model.networks.names[network], amount=came_by, cause=watch,
            )  # fmt: skip
