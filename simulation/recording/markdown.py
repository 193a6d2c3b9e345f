"""Text of people in Markdown: what they wrote stands as they wrote it."""

import re

SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$#{}!])")
LEADS = re.compile(r"^([+=-]|\d+(?=[.)]))")


def as_written(text: str) -> str:
    """Text that a reader of Markdown sees as it is: marks are escaped, line breaks are spaces."""
    line = " ".join(text.split())
    escaped = SPECIAL.sub(r"\\\1", line)
    lead = LEADS.match(escaped)
    if lead is None:
        return escaped
    if lead[0].isdigit():  # a number with a point would begin a list
        return f"{lead[0]}\\{escaped[lead.end() :]}"
    return f"\\{escaped}"
