"""Control characters are taken out as a file is read: no name, code, problem or evidence holds one,
and what they stood in is still read."""

import json
import re

import pytest
import xlsxwriter

from planning_check.engine import opened
from planning_check.ingest.plain import without_controls, without_controls_sql
from tests.widths import load

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
HEAD = ["项目编号", "项目名称", "区县代码", "建设单位", "地下面积\x03"]
ROWS = [["X\x001", "花\x00园\x1b[2J一期", "610902", "甲\x7f置业", "十\x01亩"], ["X2", "花园二期", "610902", "乙置业", "1"]]


def csv_file(folder):
    (folder / "projects.csv").write_text("\n".join(",".join(row) for row in [HEAD, *ROWS]), "utf-8")


def workbook(folder):
    with xlsxwriter.Workbook(folder / "projects.xlsx") as book:
        sheet = book.add_worksheet("开发项目")
        for number, row in enumerate([HEAD, *ROWS]):
            sheet.write_row(number, 0, [cell.replace("\x00", "") for cell in row])


def layer(folder):
    shape = {"type": "Polygon", "coordinates": [[[109, 32], [109.001, 32], [109.001, 32.001], [109, 32]]]}
    features = [
        {
            "type": "Feature",
            "geometry": shape,
            "properties": {"地块编号": "D1", "项目编号": "X\u00021", "用途": "住\u001b宅", "权利人": "甲\u0007"},
        }
    ]
    (folder / "宗地.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


@pytest.mark.parametrize("make", [csv_file, workbook, layer])
def test_no_text_of_a_delivery_holds_one(tmp_path, make):
    make(tmp_path)
    with opened() as con:
        load(con, [tmp_path], None, (), None)
        held = con.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal"
        ).fetchall()
        found = [
            (table, column, text)
            for schema, table, column in held
            for (text,) in con.execute(f'SELECT "{column}" FROM "{schema}"."{table}" WHERE "{column}" IS NOT NULL').fetchall()
            if CONTROL.search(text)
        ]
        assert found == []
        key = con.execute("SELECT project_id FROM raw_projects UNION ALL SELECT project_id FROM raw_parcels ORDER BY 1").fetchall()[0]
    assert key == ("X1",)


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m红", "一\n二\t三", "", "\x7f", "干净"])
def test_in_python_and_in_sql_alike(text):
    with opened() as con:
        assert con.execute(f"SELECT {without_controls_sql('$1')}", [text]).fetchall()[0][0] == without_controls(text)
    assert CONTROL.search(without_controls(text)) is None
    assert without_controls("一\n二\t三") == "一\n二\t三"
