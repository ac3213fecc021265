"""The papers of a large run: seconds, peak memory and size of each part, and how long Chromium takes to open and filter the page."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import synthetic

_CHILD = """
import resource, sys, time
from pathlib import Path
from planning_check import pipeline
begun = time.perf_counter()
pipeline.report("sqlite:///" + sys.argv[1], folder=Path(sys.argv[2]), langs=("zh",), parts=(sys.argv[3],))
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
PARTS = ("tables", "workbook", "page", "layers", "notices")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=25_000)
    projects = parser.parse_args().projects
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        synthetic.write(folder / "delivery", projects)
        command = [sys.executable, "-m", "planning_check", "check", "delivery", "--as-of", "2011-06-30", "-q"]
        subprocess.run(command, cwd=folder, check=True)
        command = [sys.executable, "-m", "planning_check", "findings", "--outcome", "violation", "-o", "all.csv"]
        subprocess.run(command, cwd=folder, check=True)
        with (folder / "all.csv").open(encoding="utf-8-sig") as lines:
            findings = sum(1 for _ in lines) - 1
        print(f"{dt.date.today()}  {projects:,} projects, {findings:,} violations")
        for part in PARTS:
            done = subprocess.run(
                [sys.executable, "-c", _CHILD, str(folder / "planning_check.sqlite"), str(folder / part), part],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            seconds, peak_mb = (float(word) for word in done.stdout.split())
            size = sum(path.stat().st_size for path in (folder / part).rglob("*") if path.is_file())
            print(f"    {part:<10} {seconds:8.2f} s  peak {peak_mb:8,.0f} MB  {size / 1e6:10,.1f} MB")
        if shutil.which("chromium"):
            print("    page opens in {:.2f} s, filters in {:.2f} s".format(*opened(folder / "page" / "findings_zh.html")))


def opened(page: Path) -> tuple[float, float]:
    """Seconds until the first findings stand there, and until a list is chosen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        begun = time.perf_counter()
        tab.goto(page.as_uri())
        tab.wait_for_selector("details.finding")
        there = time.perf_counter()
        tab.select_option("select[name=list]", "deposits")
        tab.wait_for_selector("details.finding.deposits")
        chosen = time.perf_counter()
        browser.close()
        return there - begun, chosen - there


if __name__ == "__main__":
    main()
