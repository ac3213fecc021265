"""Check characters of unified social credit codes (GB 32100-2015), by python-stdnum, each distinct code once."""

from __future__ import annotations

import duckdb

_WELL_FORMED = "regexp_full_match(upper(replace(developer_code, ' ', '')), '[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}')"


def check_codes(con: duckdb.DuckDBPyConnection) -> None:
    """Table ``code_check`` (code_value, is_right): every well-formed credit code of a developer; others have no row.

    Codes that were really issued can fail: a wrong character is a warning, never a reason to reject.
    """
    import pyarrow as pa
    from stdnum.cn import uscc

    codes = [row[0] for row in con.execute(f"SELECT DISTINCT developer_code FROM projects WHERE {_WELL_FORMED} ORDER BY 1").fetchall()]
    table = pa.table({
        "code_value": pa.array(codes, pa.string()),
        "is_right": pa.array([uscc.is_valid(code.replace(" ", "").upper()) for code in codes], pa.bool_()),
    })  # fmt: skip
    con.register("checked", table)
    con.execute("CREATE OR REPLACE TABLE code_check AS SELECT * FROM checked")
    con.unregister("checked")
