"""Evidence in columns: however it is parted into blocks, the same is told from it."""

import sqlalchemy as sa

from planning_check.store import Filters, blocks, findings, save_run, told
from planning_check.store.models import ColumnBlock
from tests.store.tables import TELLINGS, connection, manifest


def test_evidence_in_many_blocks_tells_the_same(engine, monkeypatch):
    whole = save_run(engine, connection(copies=20), manifest(), TELLINGS)
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 2)
    monkeypatch.setattr(blocks, "BLOCKS_AT_ONCE", 3)
    parted = save_run(engine, connection(copies=20), manifest(), TELLINGS)
    assert list(findings(engine, parted)) == list(findings(engine, whole))
    chosen = Filters(rule="AR03", subject="P1-17")
    assert list(findings(engine, parted, chosen)) == list(findings(engine, whole, chosen)) != []
    monkeypatch.setattr(told, "_MOST_BLOCK_BYTES", 0)
    assert list(findings(engine, parted)) == list(findings(engine, whole)), "with no block held"


def test_blocks_follow_one_another_and_hold_every_key_once(engine, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 3)
    monkeypatch.setattr(blocks, "BLOCKS_AT_ONCE", 2)
    run = save_run(engine, connection(copies=20), manifest(), TELLINGS)
    with engine.connect() as connection_:
        ends = [end for end in blocks.block_ends(connection_, run, "told:") if end.kind == "told:project"]
        held = [
            blocks.unpacked(content).column("told_key").to_pylist() for content in blocks.block_contents(connection_, run, "told:project")
        ]
    keys = [key for block in held for key in block]
    assert keys == sorted(keys) and len(set(keys)) == 40
    assert [end.number for end in ends] == list(range(len(ends)))
    assert [(end.first_key, end.last_key, end.rows) for end in ends] == [(block[0], block[-1], len(block)) for block in held]


def test_the_same_run_makes_the_same_blocks(engine):
    again = save_run(engine, connection(), manifest(), TELLINGS)
    block = ColumnBlock.__table__.c
    with engine.connect() as connection_:
        kept = [
            connection_.execute(sa.select(block.kind, block.number, block.content).where(block.run_id == run).order_by(block.kind)).all()
            for run in (1, again)
        ]
    assert kept[0] == kept[1] != []
