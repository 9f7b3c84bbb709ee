"""What earlier scans read and found out, kept in the user's cache folder.

An entry counts for the same program only, and what was judged for the same policies, options and environment only; and
only while every question that was asked of the file system has the answer that it had then: what files hold, what
folders list, where links lead, what is not there. An entry that cannot be read, or is not what was written, is none;
one that cannot be written is left out. Nothing depends on the cache but time.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from alexandria_scan.outcome import unpacked
from alexandria_scan.policy.content import cache_base
from alexandria_scan.program import program_state
from alexandria_scan.source.disk import Answers, Disk

T = TypeVar("T", bound=msgspec.Struct)
_FOLDER = "results-2"
_MAX_QUESTIONS = 20_000
_DAYS_KEPT, _DAY = 30, 86_400
_DIGEST = 16


class _Entry(msgspec.Struct, array_like=True):
    said: dict[str, str]
    found: bytes


class ResultCache:
    """The entries for one `setting`: all that counts for each of them alike. Without a `folder` it keeps nothing."""

    def __init__(self, folder: Path | None = None, setting: Iterable[object] = ()) -> None:
        self._folder = folder
        self._setting = digest(setting) if folder is not None else ""

    @property
    def keeps(self) -> bool:
        """Whether anything is kept: else nothing need be prepared for it."""
        return self._folder is not None

    def within(self, *setting: object) -> ResultCache:
        """The entries for which more counts."""
        return ResultCache(self._folder, (self._setting, *setting)) if self.keeps else self

    def find(self, about: Iterable[object], disk: Disk, type_: type[T]) -> T | None:
        """What was found, if it is still what a scan would find. `about` is what counts for it alone."""
        if self._folder is None:
            return None
        file = self._file(self._folder, about)
        try:
            entry = _decoded(file.read_bytes())
            found = unpacked(entry.found, type_)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            _note(f"{file} cannot be used: {error}")
            return None
        if not disk.still_says(entry.said):
            return None
        _used(file)
        return found

    def keep(self, about: Iterable[object], answers: Answers, data: bytes) -> None:
        """Writes an entry with what was found as bytes, whole or not at all; nothing if the file system wavered."""
        if self._folder is None or not answers.steady or len(answers.said) > _MAX_QUESTIONS:
            return
        file = self._file(self._folder, about)
        temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
        try:
            written = _encoded(_Entry(answers.said, data))
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
                opened.write(written)
            temporary.replace(file)
        except (OSError, TypeError, ValueError, OverflowError, RecursionError) as error:
            _note(f"{file} cannot be written: {error}")
            with suppress(OSError):
                temporary.unlink()

    def _file(self, folder: Path, about: Iterable[object]) -> Path:
        name = digest((self._setting, *about))
        return folder / name[:2] / name[2:]

    def prune(self) -> None:
        """Once a day, removes what was not used for long."""
        if self._folder is None:
            return
        mark, now = self._folder / "pruned", time.time()
        try:
            if now - mark.stat().st_mtime < _DAY:
                return
        except OSError:
            pass
        try:
            mark.touch()
            for part in list(self._folder.iterdir()):
                for file in list(part.iterdir()) if part.is_dir() else ():
                    if now - file.stat().st_mtime > _DAYS_KEPT * _DAY:
                        file.unlink()
        except OSError as error:
            _note(f"{self._folder} cannot be tidied: {error}")


def cache_of(boundary: Path) -> ResultCache:
    """What this program has kept for scans from this working directory that read below the boundary."""
    base = cache_base()
    try:
        setting = (program_state(), str(Path.cwd()), str(boundary))
    except OSError:
        return ResultCache()
    return ResultCache(base / _FOLDER, setting) if base is not None else ResultCache()


def digest(parts: Iterable[object]) -> str:
    """A short name for the parts, which are told apart by how Python writes them."""
    return _blake2b(repr(tuple(parts)).encode("utf-8", "surrogatepass"), 20).hex()


def _blake2b(data: bytes, size: int) -> bytes:
    from hashlib import blake2b  # loads OpenSSL, which a scan that keeps nothing can do without

    return blake2b(data, digest_size=size).digest()


def _encoded(entry: _Entry) -> bytes:
    body = msgspec.msgpack.encode(entry)
    return _blake2b(body, _DIGEST) + body


def _decoded(data: bytes) -> _Entry:
    """Raises ValueError if that is not what was written."""
    body = data[_DIGEST:]
    if _blake2b(body, _DIGEST) != data[:_DIGEST]:
        raise ValueError("it is damaged")
    return msgspec.msgpack.decode(body, type=_Entry)


def _used(file: Path) -> None:
    """Notes the day on which an entry was used."""
    with suppress(OSError):
        if time.time() - file.stat().st_mtime > _DAY:
            os.utime(file)


def _note(text: str) -> None:
    if os.environ.get("ALEXANDRIA_SCAN_DEBUG") and sys.stderr is not None:
        print(f"alexandria-scan: the result cache is not used: {text}", file=sys.stderr)
