"""LibreOffice opens the workbook and the notices: it counts the sums anew, finds no error, and lays the pages out for A4."""

import re
import subprocess

import pytest

from planning_check.pipeline.reporting import gather
from planning_check.report import notices, workbook
from planning_check.store import Told, load_run, open_store
from tests import city
from tests.outside import program, require

#: Always count formulas anew when a workbook is opened, whatever values it holds.
COUNT_ANEW = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
pytestmark = require("soffice", "pdftotext", "pdfinfo")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Workbook and notices of the bundled city, as PDF beside them."""
    folder = tmp_path_factory.mktemp("office")
    engine = open_store(city.checked(folder), write=False)
    with Told(1) as told:
        pack = gather(engine, load_run(engine, 1), told)
        workbook.write(pack, folder, "zh")
        notices.write(pack, folder, "zh")
    papers = [folder / "meeting_zh.xlsx", *sorted((folder / "notices_zh").glob("*.docx"))]
    papers.extend(sorted(folder.glob("notices_zh/7_*/*.docx")))
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(COUNT_ANEW)
    command = [program("soffice"), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder), *map(str, papers)], check=True, capture_output=True, timeout=400)
    return folder


def told(path):
    """The text of a PDF as laid out, and its info."""
    text = subprocess.run([program("pdftotext"), "-layout", str(path), "-"], check=True, capture_output=True).stdout.decode()
    info = subprocess.run([program("pdfinfo"), str(path)], check=True, capture_output=True).stdout.decode()
    return text, info


def test_the_workbook_adds_up_there_too_and_prints_on_a4_landscape(folder):
    text, info = told(folder / "meeting_zh.pdf")
    assert not re.search(r"#(NAME|REF|VALUE|DIV/0|N/A)|Err:\d", text)
    assert set(re.findall(r"\s(相符|不符)\s*$", text, re.M)) == {"相符"}
    closed_up = re.sub(r"\s+", "", text)
    for part in ("编制", "复核", "审批", "合计", "拟没收保证金", "第1页"):
        assert part in closed_up, part
    wide, high = (float(size) for size in re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info).groups())
    assert (round(wide), round(high)) == (842, 595)


def test_every_kind_of_notice_is_laid_out_whole(folder):
    papers = sorted(folder.glob("[1-7]_*.pdf")) + sorted(folder.glob("001_*.pdf"))
    assert len(papers) == 7
    for paper in papers:
        text, info = told(paper)
        assert int(re.search(r"Pages:\s+(\d+)", info).group(1)) >= 1
        assert "{{" not in text
        assert "{%" not in text
        assert len(text) > 200, paper.name
