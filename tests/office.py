"""LibreOffice, as the offices have it: it counts the sums of a workbook anew and lays papers out."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.outside import program

#: Always count formulas anew when a workbook is opened, whatever values it holds.
_COUNT_ANEW = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def convert(papers: Iterable[Path], kind: str, folder: Path) -> None:
    """Write the papers into the folder as files of this kind (``pdf``, ``xlsx``)."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(_COUNT_ANEW)
    command = [program("soffice"), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(folder), *map(str, papers)], check=True, capture_output=True, timeout=400)


def laid_out(pdf: Path) -> str:
    """The text of a PDF as it stands on the pages."""
    return subprocess.run([program("pdftotext"), "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()


def printed(pdf: Path) -> list[str]:
    """The text of each page, cell by cell and paragraph by paragraph as it is drawn; hashes, and of how many pages it is one, left out."""
    told = subprocess.run([program("pdftotext"), "-raw", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    told = re.sub(r"(?=\d*[a-f])[0-9a-f]{16,}", "…", told)
    told = re.sub(r"(第 \d+ 页 共 |Page \d+ of )\d+", r"\1…", told)
    return [page.strip() + "\n" for page in told.split("\f")[:-1]]


def told_of(pdf: Path) -> tuple[int, float, float]:
    """How many pages it has, and how wide and high the first is, in points."""
    info = subprocess.run([program("pdfinfo"), str(pdf)], check=True, capture_output=True).stdout.decode()
    wide, high = (float(size) for size in re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info).groups())
    return int(re.search(r"Pages:\s+(\d+)", info).group(1)), wide, high


def sizes_of(pdf: Path) -> list[float]:
    """In how many points most of the text of each page is set."""
    command = [program("pdftohtml"), "-xml", "-i", "-stdout", "-zoom", "3", str(pdf)]
    told = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "replace")
    fonts = {number: float(size) / 3 for number, size in re.findall(r'<fontspec id="(\d+)" size="([\d.]+)"', told)}
    found = []
    for page in told.split("<page ")[1:]:
        held: Counter[float] = Counter()
        for number, text in re.findall(r'<text [^>]*font="(\d+)">(.*?)</text>', page):
            held[fonts[number]] += len(text)
        found.append(held.most_common(1)[0][0])
    return found
