"""Queries side by side: planning a wide query takes one core, and there are others."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import duckdb

Job = Callable[[duckdb.DuckDBPyConnection], None]


def at_once(con: duckdb.DuckDBPyConnection, jobs: Sequence[Job]) -> None:
    """Run the jobs, each on its own cursor of the database, as many at a time as there are cores. The first error is raised."""

    def run(job: Job) -> None:
        with con.cursor() as cursor:
            job(cursor)

    workers = min(len(jobs), os.cpu_count() or 1)
    if workers < 2:
        for job in jobs:
            job(con)
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result()
