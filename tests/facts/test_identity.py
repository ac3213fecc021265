"""What can identify: the shapes of units, parcels, titles and numbers, each at the edge of what is one."""

from importlib.resources import files

import duckdb
import pytest

UNIT = "610902001002GB00103F00240305"
PARCEL = UNIT[:19]
TITLE, LETTERED = "陕(2009)安康市不动产权第0010号", "票1234"


def told(macro, text):
    con = duckdb.connect()
    con.execute(files("planning_check.facts").joinpath("identity.sql").read_text("utf-8"))
    return con.execute(f"SELECT {macro}(?::VARCHAR)", [text]).fetchone()[0]


@pytest.mark.parametrize(("macro", "text", "number"), [
    ("plain_number", "房权证（2009）〔安〕 a-1", "房权证2009安A-1"),
    ("unit_of", UNIT, UNIT),
    ("unit_of", "1" + UNIT[1:], "1" + UNIT[1:]),
    ("unit_of", UNIT[1:], None),
    ("unit_of", "0" + UNIT[1:], None),  # no division begins with 0
    ("unit_of", UNIT + "1", None),
    ("unit_of", PARCEL, None),
    ("unit_of", PARCEL + "W00240305", None),  # the land's own unit
    ("unit_of", UNIT[:14] + "00000F00240305", None),
    ("unit_of", PARCEL + "F00001234", None),  # no building
    ("unit_of", PARCEL + "F90500000", None),  # no unit
    ("unit_of", "3号楼2层", None),
    ("parcel_of", PARCEL, PARCEL),
    ("parcel_of", "1" + PARCEL[1:], "1" + PARCEL[1:]),
    ("parcel_of", UNIT, PARCEL),
    ("parcel_of", PARCEL + "W00000000", PARCEL),
    ("parcel_of", UNIT[:14] + "00000", None),
    ("parcel_of", PARCEL + "F0024030", None),
    ("parcel_of", "东坝地块", None),
    ("title_of", TITLE, "陕2009安康市不动产权第0010号"),
    ("title_of", "陕(1998)安康市不动产权第22号", "陕1998安康市不动产权第22号"),
    ("title_of", "陕(2009)安康市不动产权第0000号", None),
    ("title_of", TITLE + "见附件", None),
    ("title_of", "房权证安字第10203号", "房权证安字第10203号"),
    ("title_of", "房权证安字第00001号", "房权证安字第00001号"),
    ("title_of", "房权证安字第22222号", "房权证安字第22222号"),
    ("title_of", "房权证安字第00000号", None),
    ("title_of", "房权证安字第1234号", None),
    ("title_of", "房地字第10203号", "房地字第10203号"),
    ("title_of", "房地甲乙丙丁字第10203号", "房地甲乙丙丁字第10203号"),
    ("title_of", "房地甲乙丙丁戊字第10203号", None),
    ("title_of", "房地证国用第10203号", None),  # of land
    ("title_of", "票10203", None),
    ("number_of", "10203", "10203"),
    ("number_of", "00001", "00001"),
    ("number_of", "22222", "22222"),
    ("number_of", "1234", None),
    ("number_of", "第1234号", None),
    ("number_of", "NO.1234", None),
    ("number_of", LETTERED, LETTERED),
    ("number_of", "票0000", None),
    ("number_of", LETTERED + "待补", None),
    ("number_of", "00-0", None),
    ("long_number_of", "10203", "10203"),
    ("long_number_of", "票1-0/203", "票1-0/203"),
    ("long_number_of", LETTERED, None),
    ("is_filler", "0-00", True),
    ("is_filler", "11-1", False),
    ("is_filler", "无", True),
    ("is_filler", "详见合同第10203号", True),
    ("is_filler", TITLE, False),
    ("is_filler", None, None),
])  # fmt: skip
def test_what_is_a_number_of_its_kind(macro, text, number):
    assert told(macro, text) == number
