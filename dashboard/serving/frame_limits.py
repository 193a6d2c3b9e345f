"""How many frames and bytes a page may send, judged by the headers of frames alone.

`tocsin.dashboard.serving.gate` sees whole messages. Pings, pongs and pieces of messages never reach
it, and each costs the server as much work as a message that is refused. So every frame is paid for
before its content is read. A connection has an allowance of its own; what it sends beyond that is
paid from one that all connections from its address share. When both are spent, the connection ends.
So a crowd at one address can spend what they share, and an honest page there still has its own.

What pages need was counted in a browser. One that opens sends 5 frames and 2 kB, at most 3 in a
second; a slider that is dragged sends one of 0.4 kB when it is let go; a key that is held down
sends some 30 a second. A message that is well formed takes one or two milliseconds of the server's
time, so the limits are some times the largest of these and not more.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from tocsin.classroom.bucket import Bucket
from tocsin.dashboard.serving.frame_check import MOST_BYTES

# Frames and bytes: at once, and a second from then on. All are assumptions.
OWN_FRAMES, OWN_FRAMES_A_SECOND = 200, 20
OWN_BYTES, OWN_BYTES_A_SECOND = MOST_BYTES, 128 * 1024
SHARED_FRAMES, SHARED_FRAMES_A_SECOND = 1000, 200
SHARED_BYTES, SHARED_BYTES_A_SECOND = 4 * MOST_BYTES, 2 * 1024 * 1024
MOST_FRAGMENTS = 256  # assumption: browsers send pieces of at least 8 kB, if any
MOST_ADDRESSES = 1024  # that are remembered; those that have sent nothing lately go first
POLICY, TOO_BIG = 1008, 1009  # codes of RFC 6455, section 7.4.1
CONTROL = 0x8  # opcodes from here on are control frames


@dataclass(frozen=True)
class FrameHead:
    """The header of a frame.

    Attributes
    ----------
    size, length
        Bytes of the header, and of the content that follows.
    opcode, final
        What kind of frame it is, and whether it ends its message.
    """

    size: int
    length: int
    opcode: int
    final: bool


def head_of(data: bytes | bytearray) -> FrameHead | None:
    """The header that data begin with; None if it is not whole yet (RFC 6455, section 5.2)."""
    if len(data) < 2:
        return None
    length, size = data[1] & 0x7F, 2
    if length >= 126:
        kind, size = ("!H", 4) if length == 126 else ("!Q", 10)
        if len(data) < size:
            return None
        (length,) = struct.unpack_from(kind, data, 2)
    return FrameHead(
        size + (4 if data[1] & 0x80 else 0), length, data[0] & 0xF, bool(data[0] & 0x80)
    )


@dataclass
class Allowance:
    """Frames and bytes that are left."""

    frames: Bucket
    octets: Bucket

    def spare(self, now: float) -> bool:
        """Whether nothing of it is used."""
        for bucket in (self.frames, self.octets):
            bucket.refill(now)
        return self.frames.left >= self.frames.size and self.octets.left >= self.octets.size


@dataclass
class Addresses:
    """What connections from one address share, for all addresses.

    Attributes
    ----------
    clock
        Seconds, never set back.
    """

    clock: Callable[[], float]
    _known: dict[str, Allowance] = field(default_factory=dict)

    def of(self, host: str) -> Allowance:
        """What an address has left; it is kept when the address has no connection any more."""
        known = self._known.get(host)
        if known is None:
            now = self.clock()
            if len(self._known) >= MOST_ADDRESSES:
                self._known = {at: one for at, one in self._known.items() if not one.spare(now)}
            known = self._known[host] = Allowance(
                Bucket(SHARED_FRAMES, SHARED_FRAMES_A_SECOND, SHARED_FRAMES, now),
                Bucket(SHARED_BYTES, SHARED_BYTES_A_SECOND, SHARED_BYTES, now),
            )
        return known


class Traffic:
    """What one connection sends, paid for frame by frame."""

    def __init__(self, addresses: Addresses, host: str) -> None:
        self._addresses, self._host = addresses, host
        now = addresses.clock()
        self._own = Allowance(
            Bucket(OWN_FRAMES, OWN_FRAMES_A_SECOND, OWN_FRAMES, now),
            Bucket(OWN_BYTES, OWN_BYTES_A_SECOND, OWN_BYTES, now),
        )
        self._fragments = self._message = self._whole = 0

    def begin(self, head: FrameHead) -> int:
        """Pay for a frame; the code with which the connection ends, 0 if it goes on."""
        if head.opcode < CONTROL:
            self._fragments += 1
            self._message += head.length
            if self._message > MOST_BYTES:
                return TOO_BIG
            if self._fragments > MOST_FRAGMENTS:
                return POLICY
            if head.final:
                self._whole, self._fragments, self._message = self._message, 0, 0
        return 0 if self._pay(1, head.size + head.length) else POLICY

    def unpacked(self, octets: int) -> int:
        """Pay for what decompression added to a whole message; the code, as for `begin`."""
        return 0 if self._pay(0, max(0, octets - self._whole)) else POLICY

    def _pay(self, frames: int, octets: int) -> bool:
        shared, now = self._addresses.of(self._host), self._addresses.clock()
        return _paid(self._own.frames, shared.frames, frames, now) and _paid(
            self._own.octets, shared.octets, octets, now
        )


def _paid(own: Bucket, shared: Bucket, amount: float, now: float) -> bool:
    own.refill(now)
    rest = max(0.0, amount - own.left)
    if rest:
        shared.refill(now)
        if rest > shared.left:
            return False
        shared.left -= rest
    own.left -= amount - rest
    return True
