"""Draws docs/check.svg, the picture in the README: what ``planning-check check --lang zh`` prints for the bundled city.

``python -m tools.picture``. Every run of text is placed at its column, so that the table lines up in any font.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from planning_check.report.console.layout import display_width

HERE = Path(__file__).parents[1] / "docs"
CHARACTER, LINE, MARGIN = 7.2, 17, 14
HEADINGS = re.compile(r"^\S")


def printed(db_url: str = "runs.sqlite") -> list[str]:
    """The summary as printed, without the tables of what was read. ``db_url``: where it may be on record already."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "planning_check", "check", "--lang", "zh", "--db", db_url]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    lines = done.stdout.decode("utf-8").splitlines()
    sections = (
        cut(lines, "违规：", 8),
        cut(lines, "拟没收保证金：", 6, skip="  合计"),
        cut(lines, "未解决的租借办公用房：", 26, after="编号"),
    )
    return [line for section in sections for line in (*section, "  ...")]


def cut(lines: list[str], begins: str, most: int, *, skip: str = "", after: str = "") -> list[str]:
    """A section from its heading on: ``most`` lines; with ``skip`` or ``after`` only the part from that line on."""
    start = next(n for n, line in enumerate(lines) if line.startswith(begins))
    if skip:
        begin = next(n for n in range(start, len(lines)) if lines[n].startswith(skip))
        return ["", lines[start], *lines[begin + 1 : begin + 1 + most]]
    if after:
        begin = next(n for n in range(start, len(lines)) if after in lines[n])
        return ["", *lines[start : start + 2], *lines[begin : begin + 12]]
    return lines[start : start + most]


def draw(lines: list[str]) -> str:
    width = max(display_width(line) for line in lines) * CHARACTER + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}">',
        '<rect width="100%" height="100%" rx="8" fill="#1d2430"/>',
        "<g font-family=\"Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Microsoft YaHei', monospace\" font-size=\"12\">",
    ]
    for number, line in enumerate(lines):
        y = MARGIN + number * LINE + 12
        fill = "#ffd479" if HEADINGS.match(line) else "#dfe6ee"
        for run in re.finditer(r"\S+(?: \S+)*", line):
            x = MARGIN + display_width(line[: run.start()]) * CHARACTER
            length = display_width(run.group()) * CHARACTER
            out.append(f'<text x="{x:.1f}" y="{y}" fill="{fill}" textLength="{length:.1f}">{escape(run.group())}</text>')
    return "\n".join([*out, "</g>", "</svg>", ""])


if __name__ == "__main__":
    (HERE / "check.svg").write_text(draw(printed()), encoding="utf-8")
    print("wrote docs/check.svg")
