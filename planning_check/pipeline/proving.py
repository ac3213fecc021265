"""A proof that goes on file: its hash, its kind, and, if wished, the file itself in the case's folder, which is never written over."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from planning_check.cases import Event
from planning_check.errors import Place, Text, UsageError
from planning_check.leftovers import beside, left, mark

_PIECE = 1 << 20
#: What no system takes in the name of a file.
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_LONGEST_BYTES = 150


def case_folder(db_url: str, given: Path | None) -> Path:
    """Where the files of cases are kept: the folder that was named, else one beside the database. Raises UsageError for a server's."""
    from planning_check.store.address import file_of, parsed

    if given is not None:
        return given
    path = file_of(parsed(db_url))
    if path is None:
        raise UsageError(
            Text("记录库不在文件里，不知道材料存放在哪里", "the database is no file: where are the proofs kept?"),
            fix=Text("用 --case-folder 指明文件夹，或不加 --keep，只记文件名和 SHA-256",
                     "name a folder with --case-folder, or leave out --keep: then the name and the SHA-256 go on record"),
        )  # fmt: skip
    return path.with_name(f"{path.stem}_cases")


def proof_of(path: Path, kind: str, on: dt.date) -> dict[str, Any]:
    """What goes on record of a proof: kind, name, SHA-256, size and day. Raises UsageError for what is no file with something in it."""
    if not path.is_file():
        raise UsageError(Text("没有这个文件", "there is no such file"), where=Place(str(path)))
    if path.stat().st_size == 0:
        raise UsageError(Text("文件是空的，不能作为材料", "the file is empty: it proves nothing"), where=Place(str(path)),
                         fix=Text("换成真正的文件", "name the real one"))  # fmt: skip
    return {"proof": kind, "file": path.name, "sha256": sha256_of(path), "bytes": path.stat().st_size, "proved_on": on.isoformat()}


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's contents, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kind_of_proof(told: str, kinds: Mapping[str, Mapping[str, str]]) -> str:
    """The code of a kind of proof, told by its code or its name in either language. Raises UsageError with the nearest."""
    names = {word.casefold(): code for code, name in kinds.items() for word in (code, *_said_as(name["zh"]), *_said_as(name["en"]))}
    found = names.get(told.strip().casefold())
    if found is None:
        near = {names[word] for word in get_close_matches(told.strip().casefold(), names, n=5, cutoff=0.4)} or set(kinds)
        zh = "、".join(f"{kinds[code]['zh']}（{code}）" for code in sorted(near))
        en = ", ".join(f"{kinds[code]['en']} ({code})" for code in sorted(near))
        raise UsageError(
            Text(f"没有这种办结材料：{told}", f"there is no such kind of proof: {told}"), fix=Text(f"可以是：{zh}", f"it may be: {en}")
        )
    return found


def _said_as(name: str) -> set[str]:
    """A name, also without its article and what stands in brackets."""
    return {name, bare := re.sub(r"^the ", "", name), re.sub(r" ?[（(].*", "", bare)}


def kept(folder: Path, key: str, path: Path, proof: Mapping[str, Any]) -> tuple[str, Callable[[], Path | None]]:
    """Where the file goes in the folder of cases (``key/hash_name``), and what copies it there and gives the copy that it made.

    One that is there already with the same contents is left; what has that name and other contents is never written over.
    """
    name = _NOT_IN_A_NAME.sub("_", path.name).encode()[-_LONGEST_BYTES:].decode(errors="ignore").strip(" .") or "file"
    place = f"{key}/{proof['sha256'][:12]}_{name}"

    def copy() -> Path | None:
        target = folder / place
        was_there = target.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        for old in left(target.parent, beside(target)):
            old.unlink(missing_ok=True)
        unfinished = target.with_name(f"{beside(target)}.{mark()}.part")
        try:
            _copied(path, unfinished)
            if sha256_of(unfinished) != proof["sha256"]:
                raise UsageError(Text("文件在归档时变了", "the file changed while it was copied"), where=Place(str(path)),
                                 fix=Text("等它写完再归档", "file it when nobody writes to it"))  # fmt: skip
            _put(unfinished, target, proof["sha256"])
        except BaseException:
            take_away(unfinished)
            raise
        unfinished.unlink(missing_ok=True)
        return None if was_there else target

    return place, copy


def take_away(path: Path) -> None:
    """Remove a file, and its folder where nothing else is in it."""
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()


def kept_states(db_url: str, given: Path | None, proofs: Sequence[Event]) -> dict[str, str]:
    """Where a kept file stands in the folder of cases -> what has become of it: same, changed, or gone. Nothing of what is not kept, nor
    where nobody says which folder it is."""
    places = {proof.body["kept"]: proof.body["sha256"] for proof in proofs if proof.body.get("kept")}
    try:
        folder = case_folder(db_url, given) if places else None
    except UsageError:
        return {}
    return {place: _state(folder / place, sha256) for place, sha256 in places.items()} if folder else {}


def _state(target: Path, sha256: str) -> str:
    if not target.is_file():
        return "gone"
    return "same" if sha256_of(target) == sha256 else "changed"


def _copied(path: Path, target: Path) -> None:
    try:
        with path.open("rb") as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _PIECE)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(error.filename or target.parent)) from error


def _put(unfinished: Path, target: Path, sha256: str) -> None:
    """Give it its name, unless something has that name."""
    if not target.exists():
        with suppress(FileExistsError):  # another program put it there meanwhile
            try:
                os.link(unfinished, target)
            except (OSError, AttributeError) as error:
                if isinstance(error, FileExistsError):
                    raise
                unfinished.rename(target)  # a disk without links
    if sha256_of(target) != sha256:
        raise UsageError(Text("案卷里已有同名而内容不同的文件，没有覆盖", "another file of that name is in the case's folder; it was not written over"),
                         where=Place(str(target)), fix=Text("查明它为什么变了，把它移开", "find out why it changed, and move it away"))  # fmt: skip
