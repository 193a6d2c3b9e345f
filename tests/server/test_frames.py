"""What comes over a page's connection, before anything believes it."""

import json
import random
import struct
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from tocsin.dashboard.serving.frame_check import MOST_BYTES, MOST_PARTS, sound
from websockets.exceptions import ConnectionClosed

PATIENCE = 20.0
MOST_GROWTH = 200 * 2**20  # bytes; the frame of eight bytes took 4.6 GB
As = Callable[..., dict[str, Any]]


def packed(*parts: bytes, offsets: list[int] | None = None, count: int | None = None) -> bytes:
    """A binary frame, with other offsets or another number of parts if it lies."""
    head = 4 * (len(parts) + 1)
    true = [head + sum(map(len, parts[:at])) for at in range(len(parts))]
    told = true if offsets is None else offsets
    number = len(parts) if count is None else count
    return struct.pack(f"!I{len(told)}I", number, *told) + b"".join(parts)


HOSTILE: list[str | bytes] = [
    b"\x7f\xff\xff\xff\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"", b"\x00\x00\x00\x00",
    b"\x00\x00\x00\x01", b"\x00\x00\x00\x01\x00\x00\x00\x08", b"[" * 100_000,
    packed(b"{}", offsets=[4_000_000_000]), packed(b"{}", b"x", offsets=[12, 3]),
    packed(b"{}", count=2**20), "", "null", "[]", "7", "{", "[" * 100_000, '{"header": 7}',
    "9" * 10_000, json.dumps({"header": {"msg_type": "comm_msg"}}), '{"a":' * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("frame", HOSTILE, ids=range(len(HOSTILE)))
def test_a_frame_that_lies_about_itself_ends_its_page_only(
    server: Any, asked: As, frame: str | bytes
) -> None:
    """(d) Eight bytes froze the server for minutes and took 4.6 GB."""
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    with server.page() as page:
        page.send(frame)
        with pytest.raises(ConnectionClosed):
            while True:
                page.recv(timeout=PATIENCE)
    assert page.close_code in (1008, 1007)
    with server.page() as other:
        assert asked(other, method="app-status")["started"] is False
    assert process.memory_info().rss - before < MOST_GROWTH


def test_a_frame_that_is_too_large_is_not_taken_in(server: Any, asked: As) -> None:
    """(d) More than two megabytes are no message, compressed or not."""
    with server.page() as page, pytest.raises(ConnectionClosed):
        page.send(b"\x00" * (MOST_BYTES + 1))
        while True:
            page.recv(timeout=PATIENCE)
    assert page.close_code == 1009
    with server.page() as other:
        assert asked(other, method="app-status")["started"] is False


def test_messages_of_a_page_pass(as_message: As) -> None:
    """As text, and in binary with as many parts as a piece may have."""
    told = as_message("comm_msg", comm_id="a", data={"method": "custom"})
    assert sound(json.dumps(told))
    for parts in (1, 2, MOST_PARTS):
        assert sound(packed(json.dumps(told).encode(), *[b"x" * 9] * (parts - 1)))
    assert sound(json.dumps(as_message("kernel_info_request")))
    assert sound(json.dumps(as_message("comm_info_request", target_name="jupyter.widget")))
    assert sound(json.dumps(as_message("shutdown_request", "control", restart=False)))


def test_messages_that_no_page_sends_do_not_pass(as_message: As) -> None:
    told = as_message("comm_msg", comm_id="a", data={})
    wrong: list[dict[str, Any]] = [
        as_message("execute_request", code="1"), as_message("comm_msg", "iopub", comm_id="a"),
        as_message("comm_open", comm_id="a", target_name="jupyter.widget", data={}),
        as_message("comm_msg", comm_id=7, data={}), as_message("comm_msg", comm_id="", data={}),
        as_message("comm_msg", comm_id="x" * 65, data={}), as_message("comm_msg", data={}),
        as_message("comm_msg", comm_id="a", data=[]), {**told, "header": []},
        {**told, "content": None}, {**told, "parent_header": 7}, {**told, "metadata": []},
        {**told, "channel": ["shell"]}, {**told, "header": {"msg_type": ["comm_msg"]}},
        {**told, "header": {**told["header"], "msg_id": 7}},
        as_message("comm_open", comm_id="a", target_name=["solara.control"]),
    ]  # fmt: skip
    assert sound(json.dumps(told))
    for message in wrong:
        assert not sound(json.dumps(message)), message
    assert not sound(json.dumps(told).replace('"data": {}', '"data": {"x": NaN}'))
    assert not sound(packed(*[json.dumps(told).encode()] * (MOST_PARTS + 1)))


def test_no_mangled_frame_raises_anything(as_message: As) -> None:
    """Ten thousand frames with flipped, lost and doubled bytes, the same ones every time."""
    draw = random.Random(14)
    whole = packed(json.dumps(as_message("comm_msg", comm_id="a", data={})).encode(), b"x" * 40)
    for _ in range(10_000):
        frame = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            at = draw.randrange(len(frame))
            if draw.random() < 0.6:
                frame[at] = draw.randrange(256)
            elif draw.random() < 0.5:
                del frame[at:]
                frame += b"\x00"
            else:
                frame[at:at] = frame[at : at + draw.randint(1, 30)]
        assert sound(bytes(frame)) in (True, False)
