"""The invented city behind ``data/demo``: ground, developments, what became of them, offices, and the files of four bureaus."""
