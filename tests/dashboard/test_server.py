"""The command: what it refuses, and that it refuses before anything listens."""

import socket
from pathlib import Path

import pytest
from tocsin.dashboard.serving.server import ENVIRONMENT, bound
from tocsin.simulation.errors import InputError

from tocsin.cli import main, parser


def test_it_listens_on_this_machine_unless_told_otherwise() -> None:
    assert parser().parse_args(["dashboard"]).host == "127.0.0.1"
    assert parser().parse_args(["dashboard", "--host", "0.0.0.0"]).host == "0.0.0.0"


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(InputError, match=f"--port {taken}: it is taken"):
            bound("127.0.0.1", taken)
    with bound("127.0.0.1", 0) as held:
        assert held.getsockname()[1] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing_like_this"], "there is no such scenario"),
        (["--results", "/no/such/folder"], "there is no such folder"),
        (["--port", "70000"], "--port 70000"),
        (["--host", "192.0.2.1"], "--host 192.0.2.1"),
    ],
)
def test_wrong_use_is_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dashboard", "--no-browser", *arguments]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_a_broken_scenario_is_refused_before_the_server_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.toml").write_text("schema = 1\n")
    assert main(["dashboard", "--no-browser", str(tmp_path / "broken.toml")]) == 2
    assert "broken.toml: title: missing" in capsys.readouterr().err


def test_nothing_is_told_to_anybody() -> None:
    assert ENVIRONMENT["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
    assert ENVIRONMENT["SOLARA_ASSETS_PROXY"] == "True"
    assert ENVIRONMENT["SOLARA_MODE"] == "production"
