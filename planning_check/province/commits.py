"""Where the results of a province lie, and when one counts: ``run=<digest>/shard=<code>/*.parquet`` and, last of all, ``_commit.json``.

A shard's tables are written into a folder of their own, which is renamed into its place as a whole. Where a file system cannot rename (an
object store), the commit is written after the tables, and only where there is none. A folder without a commit is no result.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from planning_check.errors import Place, SourceError, Text, UsageError
from planning_check.record.province import Commit, Kept

if TYPE_CHECKING:
    import fsspec

COMMIT = "_commit.json"
_UNFINISHED = ".tmp-"


def missing_extra(error: ImportError) -> UsageError:
    """What a user is told where the optional part is not installed."""
    return UsageError(
        Text(f"全省检查所需的部件没有安装：{error.name}", f"what a province needs is not installed: {error.name}"),
        fix=Text("安装：pip install 'planning-check[province]'", "install it: pip install 'planning-check[province]'"),
    )


class Results:
    """The results of one plan's shards below ``out``, a folder or a URL that fsspec knows (``s3://bucket/province``)."""

    def __init__(self, out: str, run_digest: str) -> None:
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise missing_extra(error) from error
        self.fs: fsspec.AbstractFileSystem
        try:
            self.fs, top = url_to_fs(out)
        except (ValueError, ImportError) as error:
            raise UsageError(
                Text(f"不认识这个存放位置：{error}", f"no such place for results: {error}"), where=Place(out),
                fix=Text("用文件夹，或 fsspec 认得的地址", "give a folder, or a URL that fsspec knows"),
            ) from error  # fmt: skip
        self.folder = f"{top.rstrip('/')}/run={run_digest}"

    @property
    def is_local(self) -> bool:
        """Whether a folder can be renamed as a whole."""
        from fsspec.implementations.local import LocalFileSystem

        return isinstance(self.fs, LocalFileSystem)

    def place(self, shard: str) -> str:
        """The folder of a shard's result."""
        return f"{self.folder}/shard={shard}"

    def commit_of(self, shard: str, digest: str | None = None) -> Commit | None:
        """The commit of a shard; none where it has no whole result, or one of another digest. Raises SourceError for a damaged one."""
        path = f"{self.place(shard)}/{COMMIT}"
        try:
            told = self.fs.cat_file(path)
        except FileNotFoundError:
            return None
        try:
            commit = _read(json.loads(told))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceError(
                Text("这个结果的标记文件已损坏", "the mark of this result is damaged"), where=Place(path),
                fix=Text("删去这个文件夹，再运行 province run", "delete this folder and run province run again"),
            ) from error  # fmt: skip
        return commit if digest in (None, commit.digest) else None

    @contextmanager
    def begun(self, shard: str) -> Iterator[Path]:
        """A local folder to write the tables of a shard into; removed at the end whatever happens, if ``put`` has not moved it."""
        name = f"{_UNFINISHED}{shard}-{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        if self.is_local:
            Path(self.folder).mkdir(parents=True, exist_ok=True)
            folder = Path(self.folder, name)
        else:
            folder = Path(tempfile.gettempdir(), name)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, folder: Path, commit: Commit) -> Commit:
        """Make the tables in ``folder`` the result of the shard. Where another was faster, its commit is what counts, and is returned."""
        told = json.dumps(asdict(commit), ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()
        (folder / COMMIT).write_bytes(told)
        place = self.place(commit.shard)
        if self.is_local:
            self._clear(commit)
            with suppress(OSError):  # somebody's result is there
                folder.rename(place)
        else:
            for file in sorted(folder.glob("*.parquet")):
                self.fs.put_file(str(file), f"{place}/{file.name}")
            with suppress(FileExistsError):
                self.fs.pipe_file(f"{place}/{COMMIT}", told, **self._once())
        there = self.commit_of(commit.shard, commit.digest)
        if there is None:
            raise OSError(f"the result of {commit.shard} could not be put in its place: {place}")
        return there

    def _once(self) -> dict[str, str]:
        """How a file is written only where there is none, if this file system can."""
        return {"mode": "create"}

    def _clear(self, commit: Commit) -> None:
        """A folder in the place that is no result of this digest goes out of the way."""
        place = self.place(commit.shard)
        if Path(place).exists() and self.commit_of(commit.shard, commit.digest) is None:
            old = Path(self.folder, f"{_UNFINISHED}{commit.shard}-old-{uuid4().hex[:8]}")
            with suppress(OSError):
                Path(place).rename(old)
            shutil.rmtree(old, ignore_errors=True)

    def clean(self, shards: Mapping[str, Any] | list[str]) -> int:
        """Remove what was left of these shards by workers that were killed; how many. Only where nobody works on them."""
        if not self.is_local or not Path(self.folder).is_dir():
            return 0
        left = [path for path in Path(self.folder).iterdir() if any(path.name.startswith(f"{_UNFINISHED}{shard}-") for shard in shards)]
        for path in left:
            shutil.rmtree(path, ignore_errors=True)
        return len(left)


def _read(told: dict[str, Any]) -> Commit:
    tables = {name: Kept(**kept) for name, kept in told["tables"].items()}
    return Commit(**{**told, "as_of": dt.date.fromisoformat(told["as_of"]), "tables": tables})
