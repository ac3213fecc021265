"""Check characters of developers' codes, each distinct code once.

Unified social credit codes (GB 32100-2015) by python-stdnum. Developers of before 2015 may still go by the nine characters of their
organisation code (GB 11714-1997), whose own check character is the ninth. Codes that were really issued can fail: a wrong one is a warning,
never a reason to reject.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

CREDIT_CODE = "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
ORGANISATION_CODE = "[0-9A-Z]{8}-?[0-9X]"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_codes(con: duckdb.DuckDBPyConnection) -> None:
    """Table ``code_check`` (code_value, is_right): every well-formed code of a developer; the others have no row."""
    import pyarrow as pa
    from stdnum.cn import uscc

    plain = "upper(replace(developer_code, ' ', ''))"
    codes = con.execute(
        f"SELECT DISTINCT developer_code, replace({plain}, '-', '') FROM projects"
        f" WHERE regexp_full_match({plain}, '{CREDIT_CODE}|{ORGANISATION_CODE}') ORDER BY 1"
    ).fetchall()
    right = [uscc.is_valid(code) if len(code) == 18 else organisation_code_is_right(code) for _, code in codes]
    con.register("checked", pa.table({"code_value": pa.array([c for c, _ in codes], pa.string()), "is_right": pa.array(right, pa.bool_())}))
    con.execute("CREATE OR REPLACE TABLE code_check AS SELECT * FROM checked")
    con.unregister("checked")


def organisation_code_is_right(code: str) -> bool:
    """Whether the ninth character of an organisation code is the check of the eight before it (GB 11714-1997)."""
    check = (11 - sum(w * _DIGITS.index(c) for w, c in zip(_WEIGHTS, code, strict=False)) % 11) % 11
    return code[8] == "0123456789X"[check]
