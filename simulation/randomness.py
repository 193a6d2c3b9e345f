"""Named, counter-based random streams.

Every draw belongs to (run seed, purpose, entity, week, number of the draw). The entity is the
hash of a stable name, never a position or a serial number: one more agent, or another value of
a lever, leaves the luck of everybody else as it was. So two scenarios with one seed differ by
the policy alone (common random numbers).
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import gumbel, normal
from tocsin.simulation.errors import InputError
from tocsin.simulation.state import Laid

Keys = NDArray[np.uint64]


@lru_cache(maxsize=2**16, typed=True)
def key_of(*names: object) -> int:
    """64-bit key of a name of one or several parts, equal on every machine."""
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def keys_of(names: Iterable[object]) -> Keys:
    """uint64[n], the keys of several one-part names."""
    return np.array([key_of(name) for name in names], dtype=np.uint64)


def chained(keys: Keys, *numbers: ArrayLike) -> Keys:
    """Keys of entities inside entities, such as the k-th shipment of a network in one week.

    Each number is hashed into the key in turn: sums of keys would repeat along diagonals.
    uint64 of the broadcast shape of all.
    """
    for number in numbers:
        steps = np.array(number, dtype=np.uint64, ndmin=1)
        if steps.shape != keys.shape and steps.size > 1:
            keys, steps = np.broadcast_arrays(keys, steps)
        shape = keys.shape
        out = np.empty(shape, dtype=np.uint64)
        kernels.chained(keys.ravel(), steps.ravel(), out.ravel())
        keys = out
    return keys


Rng = (
    int | np.integer | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator
    | np.random.Generator | None
)  # fmt: skip
FRESH = 2**32  # seeds that are drawn lie below


def seed_of(rng: Rng) -> int:
    """Seed of a run, from anything that NumPy and Mesa take for `rng`.

    A whole number is the seed itself. None draws a fresh one. A seed sequence, or a list of whole
    numbers, always gives the same one; a generator gives its next one.

    Raises InputError if it is none of these.
    """
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and rng >= 0:
        return int(rng)
    kinds = np.random.SeedSequence | np.random.BitGenerator | np.random.Generator | list | tuple
    if rng is None or isinstance(rng, kinds):
        with suppress(ValueError, TypeError):
            return int(np.random.default_rng(rng).integers(FRESH))
    raise InputError(
        f"rng = {rng!r}: gives no seed; allowed is a whole number from 0, None for a fresh one, or "
        "a list of whole numbers, a SeedSequence, a BitGenerator or a Generator of NumPy."
    )


class Streams(Laid):
    """All random draws of one run.

    Parameters
    ----------
    seed
        Seed of the run, any integer.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._keys: dict[str, np.uint64] = {}
        self._rows: dict[tuple[str, ...], Keys] = {}
        self._first = np.zeros(1, dtype=np.uint32)

    def rekey(self, seed: int) -> None:
        """From now on draw as a run with another seed does: the same world under another luck."""
        self.seed = seed
        self._keys.clear()
        self._rows.clear()

    def key(self, purpose: str) -> np.uint64:
        """Key of one purpose in this run."""
        if purpose not in self._keys:
            self._keys[purpose] = np.uint64(key_of(self.seed, purpose))
        return self._keys[purpose]

    def keys(self, *purposes: str) -> Keys:
        """Keys of several purposes in this run, in a row."""
        if purposes not in self._rows:
            self._rows[purposes] = np.array([self.key(purpose) for purpose in purposes])
        return self._rows[purposes]

    def uniform(
        self, purpose: str, entities: Keys, week: int = 0, draws: ArrayLike = 0
    ) -> NDArray[np.float64]:
        """Uniform in (0, 1), never 0 nor 1, in steps of 2**-32.

        float64 of the broadcast shape of `entities` and `draws`.
        """
        numbers = self._first  # most draws are the first of their week
        if not isinstance(draws, int) or draws != 0:
            numbers = np.asarray(draws, dtype=np.uint32)
            entities, numbers = np.broadcast_arrays(entities, numbers)
            numbers = numbers.ravel()
        out = np.empty(entities.shape)
        kernels.uniform(self.key(purpose), entities.ravel(), week, numbers, out.ravel())
        return out

    def normal(
        self, purpose: str, entities: Keys, week: int = 0, draws: ArrayLike = 0
    ) -> NDArray[np.float64]:
        """Standard normal, by inversion."""
        return normal(self.uniform(purpose, entities, week, draws))

    def gumbel(
        self, purpose: str, entities: Keys, week: int = 0, draws: ArrayLike = 0
    ) -> NDArray[np.float64]:
        """Standard Gumbel, centred on 0, by inversion."""
        return gumbel(self.uniform(purpose, entities, week, draws))
