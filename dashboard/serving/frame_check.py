"""Messages of a page, looked at before Solara unpacks them.

Solara believes the header of a binary frame: eight bytes that claim two thousand million parts
take all memory. So a frame is measured against itself first, and a message must be one of those
that a page of ours sends.
"""

import json
import struct
from typing import Any

MOST_BYTES = 2 * 1024 * 1024  # assumption: a scenario file of 256 kB, encoded, several times over
MOST_PARTS = 64
KINDS = (
    "kernel_info_request", "comm_open", "comm_msg", "comm_close", "comm_info_request",
    "shutdown_request",
)  # fmt: skip
CHANNELS = ("shell", "control")
OPENED = ("solara.control", "jupyter.widget.control")  # all that a page opens itself


def sound(frame: str | bytes) -> bool:
    """Whether a frame is a message that a page may send: its size, its parts, its fields."""
    if len(frame) > MOST_BYTES:
        return False
    text = frame if isinstance(frame, str) else _first_part(frame)
    if text is None:
        return False
    try:
        message = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return False
    return _expected(message)


def _first_part(frame: bytes) -> bytes | None:
    """The JSON of a binary frame; None unless its offsets lie in it, one after the other.

    A frame is the number of parts, the offset of each from the beginning of the frame (32 bit,
    big-endian), and the parts; the first one is the JSON.
    """
    if len(frame) < 8:
        return None
    (parts,) = struct.unpack_from("!I", frame)
    head = 4 * (parts + 1)
    if not 1 <= parts <= MOST_PARTS or head > len(frame):
        return None
    offsets = [*struct.unpack_from(f"!{parts}I", frame, 4), len(frame)]
    if offsets[0] != head or offsets != sorted(offsets):
        return None
    return frame[head : offsets[1]]


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _expected(message: Any) -> bool:
    if not isinstance(message, dict):
        return False
    header, content = message.get("header"), message.get("content")
    if not isinstance(header, dict) or not isinstance(content, dict):
        return False
    kind = header.get("msg_type")
    if kind not in KINDS or not isinstance(header.get("msg_id"), str):
        return False
    if message.get("channel") not in CHANNELS:
        return False
    if not all(isinstance(message.get(name, {}), dict) for name in ("parent_header", "metadata")):
        return False
    if kind in ("comm_open", "comm_msg", "comm_close"):
        comm = content.get("comm_id")
        if not isinstance(comm, str) or not 0 < len(comm) <= 64:
            return False
        if not isinstance(content.get("data", {}), dict):
            return False
    return kind != "comm_open" or content.get("target_name") in OPENED
