"""Makes docs/page.png and docs/workbook.png, the README's pictures of what ``planning-check report`` writes for the bundled city.

``python -m tools.papers`` needs Chromium, LibreOffice, poppler and Noto CJK fonts (.ci/packages.txt), and ``pip install -e '.[test]'``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1] / "docs"
#: The pack's pages put below each other: the summary, the first violations.
PAGES = (2, 3)
#: A picture of pictures, side by side or below each other.
_FRAME = (
    "<!doctype html><style>img{{width:{wide}px}}body{{margin:12px;background:#e8ecf0;width:fit-content;"
    "display:flex;flex-direction:{way};align-items:flex-start;gap:12px}}</style>{images}"
)


def main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        for command in (["check", "-q"], ["report", "-q", "--lang", "zh", "--only", "page", "--only", "workbook", "-o", "report"]):
            subprocess.run([sys.executable, "-m", "planning_check", *command], cwd=folder, check=True)
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        _join(browser, _looks(browser, folder / "report" / "findings_zh.html"), "row", 620, HERE / "page.png")
        _join(browser, _printed(folder / "report" / "会议材料.xlsx"), "column", 1000, HERE / "workbook.png")
        browser.close()
    print("wrote docs/page.png, docs/workbook.png")


def _looks(browser: Any, page: Path) -> list[Path]:
    """The page as it opens, and one finding of it opened."""
    taken = []
    for number, fragment in enumerate(("", "#?list=violations", "#AR03/XM2006063")):
        tab = browser.new_page(viewport={"width": 900, "height": 1060})
        tab.goto(page.as_uri() + fragment)
        if number == 1:
            tab.locator("#map").scroll_into_view_if_needed()
            tab.evaluate("document.querySelector('#map-head').scrollIntoView()")
        taken.append(page.with_name(f"look{number}.png"))
        tab.screenshot(path=taken[-1])
        tab.close()
    return taken


def _printed(workbook: Path) -> list[Path]:
    """Pages of the workbook as LibreOffice prints them."""
    folder = workbook.parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(workbook)]
    subprocess.run(command, check=True, capture_output=True)
    taken = []
    for page in PAGES:
        taken.append(folder / f"printed{page}.png")
        where = ["-singlefile", "-f", str(page), str(workbook.with_suffix(".pdf")), str(taken[-1].with_suffix(""))]
        subprocess.run(["pdftoppm", "-png", "-r", "110", *where], check=True)
    return taken


def _join(browser: Any, pictures: list[Path], way: str, wide: int, target: Path) -> None:
    frame = pictures[0].with_name("frame.html")
    frame.write_text(_FRAME.format(way=way, wide=wide, images="".join(f'<img src="{picture.name}">' for picture in pictures)), "utf-8")
    tab = browser.new_page(viewport={"width": 2200, "height": 1600})
    tab.goto(frame.as_uri())
    tab.locator("body").screenshot(path=target)
    tab.close()


if __name__ == "__main__":
    main()
