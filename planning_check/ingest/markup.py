"""XML and HTML as letters, read without anything that a document type would bring in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from planning_check.errors import Text
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.texts import decoded

MOST_BYTES = 1 << 28
#: What one sheet or layer written in letters may lay out, in cells; and the rows and columns of a sheet.
MOST_CELLS, MOST_ROWS, MOST_COLUMNS = 8_000_000, 1_048_576, 16_384
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,400}?charset\s*=\s*["']?([\w.:-]+)""", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PIECE = 1 << 20


def letters(data: bytes) -> str:
    """The document as text, in the encoding that it says or proves to be in."""
    said = _DECLARED.search(data[:4096])
    return decoded(data, (said[1] or said[2]).decode("ascii") if said else "")[0]


def elements(text: str, wanted: frozenset[str]) -> Iterator[tuple[str, ElementTree.Element]]:
    """The start of each element, and the end of each whose name (without its namespace) is ``wanted``, which is then emptied.

    Raises FileProblem for a document type (entities) and for what is no XML.
    """
    text = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1)
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text):
        raise FileProblem(
            "unreadable_file", Text("XML 里有文档类型定义（DTD），不去读取", "the XML has a document type (DTD), which is not read")
        )
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    try:
        for at in range(0, len(text), _PIECE):
            parser.feed(text[at : at + _PIECE])
            yield from _pieces(parser, wanted)
        parser.close()
        yield from _pieces(parser, wanted)
    except (ElementTree.ParseError, RecursionError) as error:
        line = getattr(error, "position", (1, 0))[0]
        raise FileProblem(
            "unreadable_file", Text(f"XML 在第 {line} 行断了或写错了", f"the XML breaks off or is wrong at line {line}")
        ) from error


def _pieces(parser: Any, wanted: frozenset[str]) -> Iterator[tuple[str, ElementTree.Element]]:
    for event, element in parser.read_events():
        if event == "start":
            yield event, element
        elif own(element.tag) in wanted:
            yield event, element
            element.clear()


def own(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: ElementTree.Element, name: str, default: str = "") -> str:
    """An attribute by its name without its namespace."""
    return next((value for key, value in element.attrib.items() if own(key) == name), default)


class TooLarge(FileProblem):
    """More rows or columns than a sheet can have, or more cells than are laid out."""

    def __init__(self) -> None:
        said = Text(
            f"表的行、列太多，或在很远的行、列有内容（一张表最多 {MOST_CELLS:,} 个单元格、{MOST_ROWS:,} 行、{MOST_COLUMNS:,} 列）",
            "the sheet has too many rows or columns, or cells in rows or columns far away "
            f"(at most {MOST_CELLS:,} cells, {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns)",
        )
        super().__init__("unreadable_file", said)
