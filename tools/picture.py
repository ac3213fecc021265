"""Draws docs/check.svg, the picture in the README: what ``planning-check check --lang zh`` prints for the bundled city.

``python -m tools.picture``. Every run of text is placed at its column, so that the table lines up in any font.
"""

from __future__ import annotations

import os
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
_COLUMNS = 100  # said, because readline tells children of whoever loaded it how wide the terminal is


def printed(db_url: str = "runs.sqlite") -> list[str]:
    """The first screen as printed, without where it is recorded. ``db_url``: where it may be on record already."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "planning_check", "check", "--lang", "zh", "--db", db_url]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=True, env=os.environ | {"COLUMNS": str(_COLUMNS)})
    lines = done.stdout.decode("utf-8").splitlines()
    shown = lines[: next(n for n, line in enumerate(lines) if line.startswith(("已记入", "与第")))]
    return "\n".join(shown).rstrip().split("\n")  # a check on record has no blank line before where it is recorded


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
