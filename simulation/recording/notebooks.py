"""Views for notebooks: a heading, a sentence and a small table.

They take their colours from the page, so that they are read on light and on dark ones, and every
text is escaped: titles and reasons come from files of others.
"""

from collections.abc import Sequence

from markupsafe import Markup

MOST_ROWS = 12  # assumption: what is seen at one glance
_VIEW = Markup(
    '<div style="margin-bottom:1em"><p style="margin:0 0 .5em"><strong>{}</strong><br>{}</p>'
    '<table style="border-collapse:collapse"><thead><tr>{}</tr></thead>'
    "<tbody>{}</tbody></table>{}</div>"
)
_EDGE = "padding:.2em .8em;text-align:left;border-bottom:1px solid rgba(128,128,128,.4)"
_HEAD = Markup('<th scope="col" style="' + _EDGE + '">{}</th>')
_FIRST = Markup('<th scope="row" style="' + _EDGE + ';font-weight:normal">{}</th>')
_CELL = Markup('<td style="' + _EDGE + '">{}</td>')
_MORE = Markup("<p>{}</p>")


def view(heading: str, said: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """HTML of a heading, a sentence, and the first rows of a table; the rest is counted.

    A row has one cell for each name in `head`.
    """
    shown = [
        Markup("<tr>{}</tr>").format(
            _FIRST.format(first) + Markup("").join(map(_CELL.format, cells))
        )
        for first, *cells in rows[:MOST_ROWS]
    ]
    rest = len(rows) - len(shown)
    more = _MORE.format(f"and {rest} more") if rest else ""
    columns = Markup("").join(map(_HEAD.format, head))
    return str(_VIEW.format(heading, said, columns, Markup("").join(shown), more))
