"""A result that another plan's run has made of the same delivery, by the same rules: it is copied, not made again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from planning_check.errors import SourceError
from planning_check.province.commits import COMMIT, Results
from planning_check.province.results import sha256_of
from planning_check.record.province import Commit, Shard


def made_before(results: Results) -> dict[str, str]:
    """Digest -> folder of each result of another plan below the same place."""
    results.fs.invalidate_cache()
    found = {}
    for path in sorted(results.fs.glob(f"{results.top}/run=*/shard=*/{COMMIT}")):
        folder = str(path).removesuffix(f"/{COMMIT}")
        if not folder.startswith(f"{results.folder}/"):
            with suppress(SourceError, OSError):
                if commit := results.commit_in(folder):
                    found[commit.digest] = folder
    return found


def take_over(results: Results, shard: Shard, folder: str) -> Commit | None:
    """Copy the result in ``folder`` into the shard's place; none where a file of it is not what its commit says. Raises OSError where it
    cannot be written."""
    commit = results.commit_in(folder, shard.digest)
    if commit is None:
        return None
    with results.begun(shard.code) as copy:
        for table, kept in commit.tables.items():
            target = copy / f"{table}.parquet"
            try:
                results.fs.get_file(f"{folder}/{table}.parquet", str(target))
            except FileNotFoundError:
                return None
            if sha256_of(target) != kept.sha256:
                return None
        return results.put(copy, replace(commit, shard=shard.code))
