"""The tables of a page as records, read from the HTML that the page shows: one table, every outlet.

A page's words are HTML of our own making (``components/parts.py``). What is there for a pointer or
for a screen reader alone (help buttons, bars, opened citations) is left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from services import names
from services.report.records import Reference, Table

_SKIPPED = frozenset({"svg", "script", "style", "input", "select"})
_UNSEEN = frozenset(
    {"cite-card", "help", "sr-only", "bar-axis", "favors", "model-details", "what-if-ways"}
    | {"glance-name"}  # the column's head again, for narrow screens
)
_MARKED = {"cite-secondary": "°", "cite-derived": "*"}  # what the style sheet writes behind them
_HEADINGS = frozenset({"h2", "h3", "h4", "summary"})
_LINES = frozenset({"div", "p", "li", "br", "dt", "dd", "ul"})  # start a line of their own
_SPACE = re.compile(r"[ \t\r\n]+")
_TIGHT = re.compile(r" +([,;:.)\]])|([(\[]) +")


def tables(parts: Mapping[str, str]) -> tuple[Table, ...]:
    """Every table of a page's parts, in the order in which they stand.

    Parameters
    ----------
    parts : id -> HTML, as ``components.island.content`` has it
    """
    found: list[Table] = []
    for html in parts.values():
        if "<table" in html or "<dl" in html:
            found += _of_part(_parsed(html))
    return tuple(_told_apart(found))


def marks(parts: Mapping[str, str]) -> frozenset[str]:
    """The marks that a page's published numbers have: "°" and "*"."""
    return frozenset(
        mark for name, mark in _MARKED.items() if any(name in html for html in parts.values())
    )


def width(table: Table) -> int:
    """How many columns a table has."""
    return len(table.columns) or max(map(len, table.rows), default=0)


def of_csv(text: str) -> tuple[Table, ...]:
    """The tables of a page's CSV, for a page that shows none: lines that start with # name them."""
    found: list[Table] = []
    title = ""
    lines: list[str] = []

    def closed() -> None:
        rows = [tuple(row) for row in csv.reader(lines) if row]
        if len(rows) > 1:
            heads = tuple(names.capital(head.replace("_", " ")) for head in rows[0])
            wide = [row + ("",) * (len(heads) - len(row)) for row in rows[1:]]
            found.append(_without_empty(Table(title, heads, tuple(wide))))

    for line in io.StringIO(text):
        if line.startswith("#"):
            closed()
            title, lines = line.lstrip("# ").strip(), []
        else:
            lines.append(line)
    closed()
    return tuple(_told_apart(found))


def sources(parts: Mapping[str, str]) -> tuple[Reference, ...]:
    """What stands behind the published numbers of a page's parts, each source once."""
    found: dict[Reference, None] = {}
    for html in parts.values():
        if "cite-card" in html:
            for line in _parsed(html).iterfind(".//div[@class='cite-card']/ul/li"):
                link = line.find("a")
                text = _one_line(line.itertext())
                href = "" if link is None else str(link.get("href", ""))
                found[Reference(text, href if href.startswith("https://") else "")] = None
    return tuple(found)


def explained(parts: Mapping[str, str]) -> tuple[str, ...]:
    """What the pages' help buttons explain beside a table, each once."""
    return tuple(
        dict.fromkeys(
            str(button.get("data-tip"))
            for html in parts.values()
            if "data-tip" in html and "<table" in html
            for button in _parsed(html).iterfind(".//table//button[@data-tip]")
        )
    )


def _parsed(html: str) -> Any:
    from lxml import html as reader  # not before the first report

    return reader.fragment_fromstring(html, create_parent="div")


def _of_part(root: Any) -> list[Table]:
    found: list[Table] = []
    above, heading, label, before = "", "", "", ""
    same = False  # nothing but tables since the last one
    for node in _walk(root):
        classes = set((node.get("class") or "").split())
        if node.tag in _HEADINGS:
            if node.find(".//h2") is not None:
                continue  # comes next
            heading, label, before, same = _text(node), "", "", False
            # What folds away has headings that are whole without those before it.
            above = heading if node.tag == "h2" else "" if node.tag == "summary" else above
            heading = f"{above}: {heading}" if node.tag == "h3" and above else heading
        elif node.get("role") == "region":
            label = node.get("aria-label") or ""
        elif "table-note" in classes:
            note = _text(node)
            if note and found and "after" in classes:
                found[-1] = replace(found[-1], notes=(*found[-1].notes, note))
            elif note:
                before, same = note, False
        elif node.tag == "table" or (node.tag == "dl" and "headlines" not in classes):
            made = _table(node) if node.tag == "table" else _list(node)
            if not made.rows:
                continue
            title = _title(heading, label)
            if before and len(before) < 80 and not before.endswith("."):
                title, before = f"{title}: {before}" if title else before, ""
            made = replace(made, title=title, notes=(before,) if before else ())
            before = ""
            if same and found and not made.columns and width(found[-1]) == width(made):
                last = found.pop()
                made = replace(last, rows=(*last.rows, *made.rows))
            found.append(made)
            same = True
    return found


def _title(heading: str, label: str) -> str:
    """What a table is called: a heading that is about the screen gives way to the label."""
    title = label if heading.endswith("as a table") and label else heading or label
    return names.capital(title.removesuffix(" as a table").removeprefix("The "))


def _walk(root: Any) -> Iterator[Any]:
    """Elements in order; nothing inside a table, a list of facts, or what is not to be read."""
    for node in root:
        if not isinstance(node.tag, str) or _hidden(node):
            continue
        yield node
        if node.tag not in ("table", "dl") and "cite" not in (node.get("class") or "").split():
            yield from _walk(node)


def _table(table: Any) -> Table:
    heads = _grid(table.iterfind("./thead/tr"))
    columns = tuple(
        " ".join(dict.fromkeys(filter(None, (row[i] for row in heads if i < len(row)))))
        for i in range(max(map(len, heads), default=0))
    )
    rows: list[tuple[str, ...]] = []
    groups: set[int] = set()
    for line in table.iterfind("./tbody/tr"):
        cells: list[str] = []
        for cell in line:
            cells += [_text(cell), *[""] * (int(cell.get("colspan", 1)) - 1)]
        only = line.find("th[@scope='rowgroup']")
        if only is not None or (len(line) == 1 and rows):
            groups.add(len(rows))
            cells = ["; ".join(filter(None, (_text(line[0]), *map(_named, line[1:]))))]
        if any(cells):
            rows.append(tuple(cells))
    wide = len(columns) or max(map(len, rows), default=0)
    padded = tuple((*row, *[""] * (wide - len(row)))[:wide] for row in rows)
    groups |= {i for i, row in enumerate(padded) if wide > 1 and row[0] and not any(row[1:])}
    return _without_empty(Table("", columns, padded, frozenset(groups)))


def _named(cell: Any) -> str:
    """What a cell beside the name of a group of rows says, with its column."""
    text = _text(cell)
    return f"{cell.get('data-label', '')}{text}" if text else ""


def _grid(lines: Iterable[Any]) -> list[list[str]]:
    """Rows of cells, those that stretch over several columns or rows in each of them."""
    rows: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}  # column -> text, rows that it still covers
    for line in lines:
        row: list[str] = []

        def covered(row: list[str] = row) -> bool:
            text, more = hanging.get(len(row), ("", 0))
            if more:
                hanging[len(row)] = (text, more - 1)
                row.append(text)
            return bool(more)

        for cell in line:
            while covered():
                continue
            for _ in range(int(cell.get("colspan", 1))):
                hanging[len(row)] = (_text(cell), int(cell.get("rowspan", 1)) - 1)
                row.append(_text(cell))
        while covered():
            continue
        rows.append(row)
    return rows


def _without_empty(table: Table) -> Table:
    """Columns that hold nothing to read, such as drawn bars, are left out."""
    kept = [i for i in range(width(table)) if i == 0 or any(row[i] for row in table.rows)]
    columns = tuple(table.columns[i] for i in kept) if table.columns else ()
    return replace(
        table, columns=columns, rows=tuple(tuple(row[i] for i in kept) for row in table.rows)
    )


def _list(facts: Any) -> Table:
    rows: list[tuple[str, list[str]]] = []
    for part in facts.iter("dt", "dd"):
        if part.tag == "dt":
            rows.append((_text(part), []))
        elif rows:
            rows[-1][1].append(_text(part))
    return Table("", (), tuple((name, _one_line([" ".join(said)])) for name, said in rows))


def _hidden(node: Any) -> bool:
    classes = (node.get("class") or "").split()
    return (
        node.tag in _SKIPPED or node.get("aria-hidden") == "true" or not _UNSEEN.isdisjoint(classes)
    )


def _text(node: Any) -> str:
    """What a reader sees of an element; "\n" between its lines."""
    lines = "".join(_texts(node)).split("\n")
    return "\n".join(filter(None, (_TIGHT.sub(r"\1\2", _one_line([line])) for line in lines)))


def _texts(node: Any) -> Iterator[str]:
    if node.text:
        yield _SPACE.sub(" ", node.text)
    for child in node:
        if isinstance(child.tag, str) and not _hidden(child):
            classes = (child.get("class") or "").split()
            mark = any(name.startswith("mark-") for name in classes) or "made-up-chip" in classes
            line = child.tag in _LINES or "arm-number" in classes or _below(child, classes)
            yield "\n" if line else " (" if mark else " "
            yield from _texts(child)
            yield from (mark for name, mark in _MARKED.items() if name in classes)
            yield "\n" if line else ") " if mark else " "
        if child.tail:
            yield _SPACE.sub(" ", child.tail)


def _below(node: Any, classes: Collection[str]) -> bool:
    """Whether small print stands under a number or a name: all but what is in brackets."""
    small = "interval" in classes or "trial-report" in classes
    return small and not node.text_content().lstrip().startswith("(")


def _one_line(texts: Iterable[str]) -> str:
    return " ".join("".join(texts).split())


def _told_apart(found: list[Table]) -> Iterator[Table]:
    """Two tables of one title get a number."""
    seen: dict[str, int] = {}
    for table in found:
        seen[table.title] = seen.get(table.title, 0) + 1
        again = seen[table.title]
        yield replace(table, title=f"{table.title} ({again})") if again > 1 else table
