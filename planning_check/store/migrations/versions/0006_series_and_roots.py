"""Shape 6: runs know their series, the run before them and the hash over what they recorded; findings are counted by facet and found by
fingerprint and outcome; on PostgreSQL text is ordered by its bytes."""

import sqlalchemy as sa
from alembic import op

from planning_check.store.series import series_of

revision = "0006"
down_revision = "0005"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_FACETS = """
INSERT INTO run_facet (run_id, number, rule_id, outcome, severity, robustness, district_code, district_name, findings)
SELECT f.run_id, row_number() OVER (PARTITION BY f.run_id ORDER BY min(f.number)), f.rule_id, f.outcome, f.severity, f.robustness,
       s.district_code, s.district_name, count(*)
FROM finding f
JOIN run_rule r ON r.run_id = f.run_id AND r.rule_id = f.rule_id
LEFT JOIN run_subject s ON s.run_id = f.run_id AND s.subject = r.subject AND s.subject_key = f.subject_key
GROUP BY f.run_id, f.rule_id, f.outcome, f.severity, f.robustness, s.district_code, s.district_name
"""


def upgrade() -> None:
    with op.batch_alter_table("run", table_kwargs={"sqlite_autoincrement": True}) as run:
        run.add_column(sa.Column("series", _TEXT, nullable=False, server_default=""))
        run.add_column(sa.Column("parent_run_id", sa.Integer, nullable=True))
        run.add_column(sa.Column("root", _word(64), nullable=True))
        run.create_foreign_key("run_parent", "run", ["parent_run_id"], ["id"])
    op.create_table(
        "run_facet",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rule_id", _TEXT, nullable=False),
        sa.Column("outcome", sa.SmallInteger, nullable=False),
        sa.Column("severity", sa.SmallInteger, nullable=False),
        sa.Column("robustness", sa.SmallInteger),
        sa.Column("district_code", _TEXT),
        sa.Column("district_name", _TEXT),
        sa.Column("findings", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "run_root",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("table_name", _word(60), primary_key=True),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("sha256", _word(64), nullable=False),
    )
    op.create_index("finding_by_fingerprint", "finding", ["run_id", "fingerprint"])
    op.create_index("finding_by_outcome", "finding", ["run_id", "outcome"])
    connection = op.get_bind()
    _name_series(connection)
    connection.exec_driver_sql(_FACETS)
    if connection.dialect.name == "postgresql":
        _order_by_bytes(connection)


def _word(letters: int) -> sa.types.TypeEngine:
    return sa.String(letters).with_variant(sa.String(letters, collation="C"), "postgresql")


def _name_series(connection: sa.Connection) -> None:
    """By the titles that were recorded; the run before is the latest of the same series."""
    last: dict[str, int] = {}
    change = sa.text("UPDATE run SET series = :series, parent_run_id = :parent WHERE id = :id")
    for run_id, zh, en in connection.execute(sa.text("SELECT id, title_zh, title_en FROM run ORDER BY id")).all():
        series = series_of(zh or en)
        connection.execute(change, {"series": series, "parent": last.get(series), "id": run_id})
        last[series] = run_id


def _order_by_bytes(connection: sa.Connection) -> None:
    inspector = sa.inspect(connection)
    for (table,) in connection.execute(sa.text("SELECT relname FROM pg_class WHERE oid IN (SELECT conrelid FROM pg_constraint "
                                               "WHERE confrelid = 'run'::regclass) OR oid = 'run'::regclass "
                                               "ORDER BY relname")).all():  # fmt: skip
        texts = [c for c in inspector.get_columns(table) if isinstance(c["type"], sa.String) and c["type"].collation != "C"]
        if texts:
            kinds = [(c["name"], c["type"].compile(connection.dialect).split(" COLLATE")[0]) for c in texts]
            op.execute(f'ALTER TABLE "{table}" ' + ", ".join(f'ALTER COLUMN "{name}" TYPE {kind} COLLATE "C"' for name, kind in kinds))
