"""Codes, keys, names, and how fast anybody may try.

The arithmetic. A code has eight letters out of 30, so there are 30**8 = 6.6e11. After 100 wrong
tries a minute from everybody together, or 60 from one address, a page has one try before it has to
wait, so whoever guesses must open a page for each. A server opens some twenty a second at the most
(an assumption from what a page costs), which are 108,000 tries in a lesson of ninety minutes; with
one code of the session and twenty of teams to hit, they find one with probability
21 * 108,000 / 6.6e11 = 3e-6. The trainer's key has 128 bits, and nobody finds it.
"""

import hashlib
import hmac
import math
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tocsin.classroom.bucket import Bucket
from tocsin.simulation.errors import InputError

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ2346789"  # none that is mistaken for another
LENGTH = 8
LONGEST_NAME = 24


def new_code() -> str:
    """A code that can be read aloud and typed: KTRM-4PQ7."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def new_key() -> str:
    """The trainer's key, 128 bits."""
    return secrets.token_urlsafe(16)


def screen_key(key: str) -> str:
    """The key of the big screen, which the class can read in its address; it opens nothing else.

    It follows from the trainer's key, and the trainer's key does not follow from it.
    """
    return hmac.new(key.encode(), b"big screen", "sha256").hexdigest()[:24]


def typed_code(text: str) -> str:
    """A code as people type it, in its normal form; anything else gives a code of nobody."""
    kept = "".join(letter for letter in text[:40].upper() if letter.isascii() and letter.isalnum())
    return f"{kept[:4]}-{kept[4:]}"


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not say where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def matching(code: str, known: Iterable[tuple[str, str]]) -> str | None:
    """Name that belongs to a code among (name, code), each compared to the end; None if none."""
    found = None
    for name, other in known:
        if same(code, other):
            found = name
    return found


def checked_name(text: object) -> str:
    """A team's name: one line of at most 24 printable characters.

    Raises InputError for anything else. Markup is no fault; whoever shows a name escapes it.
    """
    if not isinstance(text, str):
        raise InputError("name: not a text; write the name of your team.")
    name = " ".join(unicodedata.normalize("NFKC", text[:400]).split())
    if not name:
        raise InputError("name: missing; write the name of your team.")
    if len(name) > LONGEST_NAME or len(text) > 400:
        raise InputError(f"name: too long; allowed are {LONGEST_NAME} characters.")
    if any(unicodedata.category(letter)[0] == "C" for letter in name):
        raise InputError("name: it has a character that cannot be printed.")
    return name


class TooManyTriesError(InputError):
    """Somebody tried too often; the sentence says when to come back."""


@dataclass
class Limiter:
    """How many wrong codes may be tried: on one page, from one address, and by all together.

    A class sits behind one address, so nothing that others do there shuts out who types the right
    code: what is right is always let in, except on a page that has used up its own tries. While
    an address, or all together, have tried too often, a page has one try instead of `each`. The
    same wrong code counts once a minute for an address: a page that was left open on an old code
    uses up nothing.

    Attributes
    ----------
    clock
        Seconds, never set back.
    each, address, everybody
        Wrong tries at once; as many come back every minute.
    """

    clock: Callable[[], float]
    each: int = 10
    address: int = 60
    everybody: int = 100
    most_buckets: int = 4096
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def allow(self, page: str) -> None:
        """Raise TooManyTriesError, whatever is typed, if this page has tried too often."""
        if not page:
            return
        bucket = self._bucket(("page", page), self.each)
        if bucket.left < 1:
            wait = max(1, math.ceil((1 - bucket.left) / bucket.per_second))
            raise TooManyTriesError(f"Too many wrong codes; try again in {wait} seconds.")

    def failed(self, address: str, page: str, typed: str) -> None:
        """Count a wrong try; raises TooManyTriesError if there were too many."""
        code = hashlib.sha256(typed.encode("utf-8", "replace")).hexdigest()
        again = self._bucket(("code", f"{address} {code}"), 1)
        wide = [
            self._bucket(("address", address), self.address),
            self._bucket(("all", ""), self.everybody),
        ]
        crowded = any(bucket.left < 1 for bucket in wide)
        if page:
            own = self._bucket(("page", page), self.each)
            own.left = own.left - 1 if not crowded else min(0.0, own.left - 1)
        if again.left >= 1:
            again.left -= 1
            for bucket in wide:
                bucket.left = max(0.0, bucket.left - 1)
        if crowded:
            raise TooManyTriesError(
                "Too many wrong codes were typed here; look at the screen again, and type it in a "
                "minute."
            )

    def _bucket(self, name: tuple[str, str], size: int) -> Bucket:
        now = self.clock()
        if name not in self._buckets:
            self._forget(now)
            self._buckets[name] = Bucket(size, size / 60, size, now)
        bucket = self._buckets[name]
        bucket.refill(now)
        return bucket

    def _forget(self, now: float) -> None:
        """Drop what has all its tries back, and the oldest if there are too many all the same."""
        if len(self._buckets) < self.most_buckets:
            return
        for name, bucket in list(self._buckets.items()):
            bucket.refill(now)
            if bucket.left >= bucket.size:
                del self._buckets[name]
        for name in [name for name in self._buckets if name[0] != "all"][: -self.most_buckets // 2]:
            del self._buckets[name]
