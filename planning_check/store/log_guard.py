"""The database itself refuses to change or delete what stands in the log: triggers, made with the table.

Who owns the database can take them away; then the hashes find it (``store.log``), and a tail cut off is found by the head on paper.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_SAID = "the log is only ever added to"
STATEMENTS = {
    "sqlite": [
        f"CREATE TRIGGER case_event_no_{what.lower()} BEFORE {what} ON case_event BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        for what in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION case_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{_SAID}';
END $$""",
        "CREATE TRIGGER case_event_no_change BEFORE UPDATE OR DELETE ON case_event FOR EACH ROW EXECUTE FUNCTION case_event_stays()",
        "CREATE TRIGGER case_event_no_truncate BEFORE TRUNCATE ON case_event FOR EACH STATEMENT EXECUTE FUNCTION case_event_stays()",
    ],
}


def guard(connection: Connection) -> None:
    """Make the triggers in a database that has the table."""
    for statement in STATEMENTS.get(connection.dialect.name, ()):
        connection.exec_driver_sql(statement)


def is_guarded(connection: Connection) -> bool:
    """Whether the triggers are still there, and switched on."""
    if connection.dialect.name == "sqlite":
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'case_event' AND name LIKE 'case_event_no_%'"
    else:
        query = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'case_event'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
    return connection.execute(sa.text(query)).scalar() == 2
