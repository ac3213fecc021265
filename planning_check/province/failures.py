"""Why shards have no result, kept beside the results: whoever merges them later names it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from planning_check.errors import Text
from planning_check.record.province import Failure

if TYPE_CHECKING:
    from planning_check.province.commits import Results

_FOLDER = "_failed"


def keep_failure(results: Results, failure: Failure) -> None:
    """Write why a shard failed, in place of what was written before."""
    path = f"{results.folder}/{_FOLDER}/{failure.shard}.json"
    results.fs.makedirs(f"{results.folder}/{_FOLDER}", exist_ok=True)
    results.fs.pipe_file(path, json.dumps(asdict(failure), ensure_ascii=False, indent=1, sort_keys=True).encode())


def forget_failure(results: Results, shard: str) -> None:
    """A shard that has a result has not failed."""
    with suppress(FileNotFoundError):
        results.fs.rm_file(f"{results.folder}/{_FOLDER}/{shard}.json")


def kept_failures(results: Results) -> dict[str, Failure]:
    """By the code of the shard; what cannot be read is as good as not written."""
    try:
        paths = results.fs.ls(f"{results.folder}/{_FOLDER}", detail=False)
    except FileNotFoundError:
        return {}
    found = {}
    for path in paths:
        with suppress(ValueError, KeyError, TypeError, FileNotFoundError):
            told = json.loads(results.fs.cat_file(path))
            failure = Failure(**{**told, "cities": tuple(told["cities"]), "why": Text(**told["why"])})
            found[failure.shard] = failure
    return found
