"""The bundled city's register of service facilities has the flaws that are written down and no others."""

import sys
from pathlib import Path

import openpyxl
import pytest

DATA = Path(__file__).parents[2] / "data"
NAME = Path("facilities", "民政局", "服务设施台账.xlsx")
sys.path.insert(0, str(DATA))
from demo_city.service_facilities import CAR_PARKS, FLAWS, MARKETS, SHOPS  # noqa: E402


@pytest.fixture(scope="module")
def rows():
    told = list(openpyxl.load_workbook(DATA / "demo_packs" / NAME).active.iter_rows(min_row=2, values_only=True))
    return [dict(zip(told[0], row, strict=True)) for row in told[1:]]


def test_what_it_holds(rows):
    kinds = [row["设施类别"] for row in rows]
    assert [kinds.count(kind) for kind in ("农贸市场", "便民菜店", "停车场", "老年活动与日间照料")] == [MARKETS, SHOPS, CAR_PARKS, 14 + 1]


def test_what_is_wrong_is_written_down(rows):
    page = (DATA / "demo_packs" / "README.md").read_text("utf-8")
    assert all(f"| {key} | {why} |" in page for key, why in FLAWS.items())
    held = {row["设施编号"]: row for row in rows[:-2]}
    wrong = {key for key, row in held.items() if row["是否开放"] != "是" or row["设施面积(㎡)"] is None or row["经度"] is None}
    wrong |= {
        key for key, row in held.items() if (row["设施类别"] == "停车场" and row["容量"] is None) or row["所在社区代码"] == "990102009099"
    }
    assert wrong == FLAWS.keys() - {"FW0055", "FW0060"}
    assert (held["FW0055"]["经度"], held["FW0055"]["纬度"]) == (held["FW0001"]["经度"], held["FW0001"]["纬度"])
    assert (
        rows[-2]["设施编号"] == "FW0060"
        and rows[-2]["设施面积(㎡)"] == 2 * held["FW0060"]["设施面积(㎡)"]
        and rows[-1]["设施编号"] == "合计"
    )
