"""Where the results of a province lie, and when one counts: ``run=<digest>/shard=<code>/*.parquet`` and, last of all, ``_commit.json``.

A shard's tables are written into a folder of their own, which is renamed into its place as a whole. Where a file system cannot rename (an
object store), the commit is written after the tables, and only where there is none. A folder without a commit is no result.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from planning_check.errors import Place, SourceError, Text, UsageError
from planning_check.leftovers import left, mark
from planning_check.record.province import Commit, Kept, Shard

if TYPE_CHECKING:
    import fsspec

COMMIT = "_commit.json"
_UNFINISHED = ".tmp-"
_TRIES = 3  # to put a result in its place: more are never needed, unless somebody undoes it each time


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
        self.top = top.rstrip("/")
        self.folder = f"{self.top}/run={_plain(run_digest)}"

    @property
    def is_local(self) -> bool:
        """Whether a folder can be renamed as a whole."""
        from fsspec.implementations.local import LocalFileSystem

        return isinstance(self.fs, LocalFileSystem)

    def place(self, shard: str) -> str:
        """The folder of a shard's result."""
        return f"{self.folder}/shard={_plain(shard)}"

    def commit_of(self, shard: str, digest: str | None = None) -> Commit | None:
        """The commit of a shard; none where it has no result, or one of another digest. Raises SourceError for a damaged one."""
        return self.commit_in(self.place(shard), digest)

    def whole(self, shard: str, digest: str) -> Commit | None:
        """The same, and none where a table's file is not there any more."""
        commit = self.commit_of(shard, digest)
        return commit if commit and self._has_tables(self.place(shard), commit) else None

    def commit_in(self, place: str, digest: str | None = None) -> Commit | None:
        """The same of the folder of any result, such as another plan's."""
        path = f"{place}/{COMMIT}"
        try:
            told = self.fs.cat_file(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            commit = _read(json.loads(told))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SourceError(
                Text("这个结果的标记文件已损坏", "the mark of this result is damaged"), where=Place(path),
                fix=Text("再运行 province run，这个分片会重新检查", "run province run again, which checks this shard anew"),
            ) from error  # fmt: skip
        return commit if digest in (None, commit.digest) else None

    def _has_tables(self, place: str, commit: Commit) -> bool:
        self.fs.invalidate_cache(place)
        files: set[str] = set()
        with suppress(FileNotFoundError):  # it was removed meanwhile
            files = {str(file["name"]).rsplit("/", 1)[-1] for file in self.fs.ls(place, detail=True)}
        return all(f"{table}.parquet" in files for table in commit.tables)

    @contextmanager
    def begun(self, shard: str) -> Iterator[Path]:
        """A local folder to write the tables of a shard into; removed at the end whatever happens, if ``put`` has not moved it."""
        folder = self._unfinished(shard)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def _workplace(self) -> Path:
        """Where shards are written before they are whole."""
        return Path(self.folder if self.is_local else tempfile.gettempdir())

    def _unfinished(self, shard: str) -> Path:
        return self._workplace / f"{_UNFINISHED}{_plain(shard)}.{mark()}.{uuid4().hex[:8]}"

    def put(self, folder: Path, commit: Commit) -> Commit:
        """Make the tables in ``folder`` the result of the shard. Where another was faster, its commit is what counts, and is returned.
        Raises OSError where it cannot be put there."""
        told = json.dumps(asdict(commit), ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()
        (folder / COMMIT).write_bytes(told)
        return self._renamed(folder, commit) if self.is_local else self._sent(folder, commit, told)

    def _renamed(self, folder: Path, commit: Commit) -> Commit:
        place = Path(self.place(commit.shard))
        for _ in range(_TRIES):
            try:
                folder.rename(place)
                return commit
            except OSError:
                if not place.exists():
                    raise
            if there := self._good(str(place), commit.digest):
                return there
            self.set_aside(commit.shard, commit.digest)
        raise OSError(f"the result of {commit.shard} could not be put in its place: {place}")

    def _sent(self, folder: Path, commit: Commit, told: bytes) -> Commit:
        """Onto a file system that cannot rename: the tables, then the commit, which only one can create."""
        place = self.place(commit.shard)
        if there := self._good(place, commit.digest):
            return there
        self.set_aside(commit.shard, commit.digest)
        self.fs.makedirs(place, exist_ok=True)
        for file in sorted(folder.glob("*.parquet")):
            self.fs.put_file(str(file), f"{place}/{file.name}")
        try:
            self.fs.pipe_file(f"{place}/{COMMIT}", told, mode="create")
        except FileExistsError:
            there = self._good(place, commit.digest)
            if there is None or {name: kept.sha256 for name, kept in there.tables.items()} != {
                name: kept.sha256 for name, kept in commit.tables.items()
            }:  # both wrote the same files, and not the same into them
                self.fs.rm_file(f"{place}/{COMMIT}")
                raise OSError(f"two wrote the result of {commit.shard} at once, not the same: {place}") from None
            return there
        return commit

    def _good(self, place: str, digest: str) -> Commit | None:
        """The commit in a folder, if it is whole and of this digest; none where it is damaged, too."""
        with suppress(SourceError):
            commit = self.commit_in(place, digest)
            return commit if commit and self._has_tables(place, commit) else None
        return None

    def set_aside(self, shard: str, digest: str) -> None:
        """What lies in the place of a shard and is no whole result of this digest is removed."""
        place = self.place(shard)
        if self._good(place, digest) or not self.fs.exists(place):
            return
        if not self.is_local:
            with suppress(FileNotFoundError):
                self.fs.rm_file(f"{place}/{COMMIT}")
            return
        old = self._unfinished(shard)
        with suppress(OSError):  # another did it
            Path(place).rename(old)
        if self._good(str(old), digest):  # which another had just put there
            with suppress(OSError):
                old.rename(place)
        shutil.rmtree(old, ignore_errors=True)

    def unfinished(self) -> list[tuple[str, Path]]:
        """What is being written, or was left by a worker that was killed: the shard and the folder."""
        found = sorted(self._workplace.glob(f"{_UNFINISHED}*.*-*.*")) if self._workplace.is_dir() else []
        return [(path.name.removeprefix(_UNFINISHED).rsplit(".", 2)[0], path) for path in found]

    def clean(self, shards: Iterable[Shard]) -> int:
        """Remove what was left of these shards by programs of this computer that run no more, and what nobody needs any more because the
        result is there; how many. Who is still writing that learns from the result that it is there."""
        known = {shard.code: shard.digest for shard in shards}
        dead = set(left(self._workplace, _UNFINISHED + "*")) if self._workplace.is_dir() else set()
        gone = 0
        for code, path in self.unfinished():
            if code in known and (path in dead or (self.is_local and self._good(self.place(code), known[code]))):
                shutil.rmtree(path, ignore_errors=True)
                gone += 1
        return gone


def _plain(name: str) -> str:
    """A name that is one part of a path and no more. Raises UsageError for another, as a plan that was tampered with may hold."""
    if not re.fullmatch(r"[\w.+-]+", name) or name.startswith("."):
        raise UsageError(
            Text(f"不能作文件夹名：{name!r}", f"this cannot name a folder: {name!r}"),
            fix=Text("重新运行 province plan", "run province plan again"),
        )
    return name


def _read(told: dict[str, Any]) -> Commit:
    tables = {name: Kept(**kept) for name, kept in told["tables"].items()}
    return Commit(**{**told, "as_of": dt.date.fromisoformat(told["as_of"]), "tables": tables})
