"""Options, keys, targets, programs and links that the pages name exist."""

import contextlib
import io
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tocsin.simulation.parameters import COLLECTIONS, GROUPS, table

from tocsin.cli import parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))  # fmt: skip
KEYS = {row.key for row in table()}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
OTHERS = {  # options of other programs
    "--no-index", "--find-links", "--array",
}  # fmt: skip


def tokens(page: str) -> list[Token]:
    """All pieces of a page, those of its paragraphs and tables too."""
    found: list[Token] = []
    for token in MarkdownIt("commonmark").enable("table").parse((ROOT / page).read_text("utf-8")):
        found += [token, *(token.children or [])]
    return found


def code(page: str) -> list[str]:
    """Every piece of code: what stands in the text, and the lines of commands."""
    spans = [token.content for token in tokens(page) if token.type == "code_inline"]
    blocks = [token.content for token in tokens(page)
              if token.type == "fence" and token.info in ("", "sh", "bash", "console")]  # fmt: skip
    lines = [re.sub(r"(^|\s+)#.*$", "", line) for text in blocks for line in text.splitlines()]
    return [text for text in spans + lines if text.strip()]


def parsed(line: str) -> str:
    """What the command line says against a command; nothing if it takes it."""
    words = ["1" if word == "N" else word for word in shlex.split(line)[1:]]
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            parser().parse_args(words)
        except SystemExit:
            return said.getvalue().splitlines()[-1]
    return ""


def helped(command: str) -> str:
    """What a command says of itself."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        parser().parse_args([command, "--help"])
    return said.getvalue()


COMMANDS = set(re.findall(r"^    ([a-z]+) ", parser().format_help(), re.MULTILINE))
OPTIONS = {
    option for command in COMMANDS for option in re.findall(r"--[a-z-]+", helped(command))
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_is_one_with_options_that_it_knows(page):
    for text in code(page):
        words = text.split()
        if words[0] != "tocsin" or len(words) == 1:
            continue
        assert words[1] in COMMANDS, f"{page}: {text}"
        bare = len(words) == 2 or words[2] == "..."
        if bare or "..." in words:
            known = helped(words[1])
            assert all(word in known for word in words if word.startswith("--")), text
        else:
            assert not parsed(text), f"{page}: {text}: {parsed(text)}"


@pytest.mark.parametrize("page", PAGES)
def test_every_option_that_a_page_names_is_one_of_some_command(page):
    for text in code(page):
        if text.split()[0] in ("gcc", "python"):
            continue
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text):
            assert option in OPTIONS | OTHERS, f"{page}: {option}"


def as_in_the_table(text: str) -> str | None:
    """A dotted key as the table of parameters writes it; nothing if it is no key."""
    found = re.fullmatch(r"([a-z_]+)\.(?:([\w*-]+)\.)?([a-z_]+)", text)
    if found is None or found[3] in ("py", "md", "toml", "csv", "html", "key", "map"):
        return None
    if found[1] in COLLECTIONS and found[2]:
        return f"{found[1]}.*.{found[3]}"
    if found[1] in GROUPS and not found[2] and find_spec("simulation." + found[1]) is None:
        return text
    return text if text.startswith(tuple(f"{group}." for group in GROUPS)) else None


def is_code(text: str) -> bool:
    """Whether a dotted name is one of a module, as `capacity.CapacityBuilding`."""
    group, name = text.split(".")[0], text.split(".")[-1]
    file = ROOT / "simulation" / f"{group}.py"
    return file.exists() and bool(re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES)
def test_every_key_that_a_page_names_is_in_the_table_of_parameters(page):
    for text in code(page):
        key = as_in_the_table(text.split("=")[0].strip())
        assert key is None or key in KEYS or is_code(key), f"{page}: there is no {text}"


@pytest.mark.parametrize("page", PAGES)
def test_every_target_and_program_that_a_page_names_is_there(page):
    for text in code(page):
        words = text.split()
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= TARGETS, f"{page}: {text}"
        elif words[:2] == ["python", "-m"]:
            assert find_spec(words[2]) is not None, f"{page}: {text}"
        elif words[0] == "python":
            assert (ROOT / words[1]).is_file(), f"{page}: {text}"
        elif re.fullmatch(r"(tests|tools|benchmarks|experiments|simulation|dashboard|classroom"
                          r"|scenarios|cartography|docs|notebooks|tocsin)/[\w./-]*",
                          text):  # fmt: skip
            assert (ROOT / text).exists(), f"{page}: there is no {text}"


def anchors(file: Path) -> set[str]:
    """The headings of a page, as links name them."""
    return {
        re.sub(r"[^\w -]", "", line.lstrip("#").strip().lower()).replace(" ", "-")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page):
    for token in tokens(page):
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        if not target or re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (ROOT / page).parent / name if name else ROOT / page
        assert file.exists(), f"{page}: {target}"
        assert not anchor or anchor in anchors(file), f"{page}: {target}"


def test_the_planners_hour_names_what_was_measured():
    text = (ROOT / "docs" / "planner.md").read_text(encoding="utf-8")
    assert "COVERAGE" not in text
    assert "PAIRING" not in text
    assert "one pair is worth" in text
