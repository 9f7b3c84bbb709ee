"""The file system as a scan sees it: what it says is taken down where somebody has to know when it says otherwise."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

FILE, FOLDER, OTHER, NOTHING = "file", "folder", "other", ""
_PLAIN = frozenset([errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG])


class Answers:
    """The answers of the file system by question, as short texts. They are not `steady` if one question had two, or
    if it failed in a way that may pass."""

    __slots__ = ("said", "steady")

    def __init__(self, said: dict[str, str] | None = None, steady: bool = True) -> None:
        self.said = {} if said is None else said
        self.steady = steady

    def add(self, other: Answers) -> None:
        """Takes down what else was asked."""
        for question, answer in other.said.items():
            self.take(question, answer)
        self.steady = self.steady and other.steady

    def take(self, question: str, answer: str) -> None:
        if self.said.setdefault(question, answer) != answer:
            self.steady = False


class Disk:
    """Asks the file system. While `answers` is set, all that is asked is taken down there."""

    def __init__(self) -> None:
        self.answers: Answers | None = None
        self._entries: dict[Path, list[tuple[str, bool]] | OSError] = {}
        self._known: dict[str, str] = {}
        self._reals: dict[Path, Path | None] = {}

    def kind(self, path: Path) -> str:
        """FILE, FOLDER, OTHER, or NOTHING; links are followed."""
        found = _kind(path)
        if self.answers is not None:
            self.answers.take(f"kind {path}", found)
        return found

    def is_link(self, path: Path) -> bool:
        found = os.path.islink(path)  # noqa: PTH114 (says no, where Path may raise)
        if self.answers is not None:
            self.answers.take(f"link {path}", str(found))
        return found

    def real(self, path: Path) -> Path | None:
        """The path with links resolved, None if these lead in a circle. Raises ValueError if it holds a NUL."""
        found = real_path(path)
        if self.answers is not None:
            self.answers.take(f"real {path}", str(found))
        return found

    def data(self, path: Path) -> bytes | None:
        """The bytes of a file, None if that is no regular one: a pipe would be waited for, a device has no end.
        Raises OSError."""
        try:
            data = _data(path)
        except OSError as error:
            self._fail(f"data {path}", error)
            raise
        if self.answers is not None:
            self.answers.take(f"data {path}", _digest(data))
        return data

    def entries(self, path: Path, endings: tuple[str, ...] = ("",)) -> list[tuple[str, bool]]:
        """The names with these endings in a folder, sorted, and whether each is a folder. Raises OSError."""
        question = f"entries {'|'.join(endings)} {path}"
        try:
            found = self._listed(path, endings)
        except OSError as error:
            self._fail(question, error)
            raise
        if self.answers is not None:
            self.answers.take(question, _names_digest(found))
        return found

    def starting(self, path: Path, start: str) -> list[tuple[str, bool]]:
        """The names in a folder that begin so, in letters of any case, and whether each is a folder. Raises OSError."""
        question = f"starting {start} {path}"
        try:
            found = self._starting(path, start)
        except OSError as error:
            self._fail(question, error)
            raise
        if self.answers is not None:
            self.answers.take(question, _names_digest(found))
        return found

    def _starting(self, path: Path, start: str) -> list[tuple[str, bool]]:
        return [entry for entry in self._listed(path, ("",)) if entry[0].lower().startswith(start)]

    def _listed(self, path: Path, endings: tuple[str, ...]) -> list[tuple[str, bool]]:
        known = self._entries.get(path)
        if known is None:
            known = self._entries[path] = _entries(path)
        if isinstance(known, OSError):
            raise OSError(known.errno, known.strerror, str(path))
        return [entry for entry in known if entry[0].endswith(endings)] if endings != ("",) else known

    def doubt(self) -> None:
        """What is being taken down is not all that counts."""
        if self.answers is not None:
            self.answers.steady = False

    def _fail(self, question: str, error: OSError) -> None:
        if self.answers is not None:
            self.answers.take(question, _failure(error))
            self.answers.steady = self.answers.steady and error.errno in _PLAIN

    def still_says(self, said: dict[str, str]) -> bool:
        """Whether every question has the answer that it had. Each is asked once in a run."""
        for question, answer in said.items():
            now = self._known.get(question)
            if now is None:
                now = self._known[question] = self._ask(question)
            if now != answer:
                return False
        return True

    def _ask(self, question: str) -> str:
        what, _, name = question.partition(" ")
        path = Path(name)
        try:
            if what == "data":
                return _digest(_data(path))
            if what == "kind":
                return _kind(path)
            if what == "real":
                return str(self._real_again(path))
            if what == "link":
                return str(os.path.islink(path))  # noqa: PTH114
            endings, _, name = name.partition(" ")
            if what == "starting":
                return _names_digest(self._starting(Path(name), endings))
            return _names_digest(self._listed(Path(name), tuple(endings.split("|"))))
        except OSError as error:
            return _failure(error)

    def _real_again(self, path: Path) -> Path | None:
        """As `_real`, with each folder on the way looked at once in a run."""
        if path not in self._reals:
            plain = path.parent != path and path.name != ".." and not os.path.islink(path)  # noqa: PTH114
            base = self._real_again(path.parent) if plain else None
            self._reals[path] = base / path.name if base is not None else real_path(path)
        return self._reals[path]


def _kind(path: Path) -> str:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 (hot path)
    except (OSError, ValueError):
        return NOTHING
    return FILE if stat.S_ISREG(mode) else FOLDER if stat.S_ISDIR(mode) else OTHER


def real_path(path: Path) -> Path | None:
    """The path with links resolved, None if these lead in a circle. Raises ValueError if it holds a NUL."""
    try:
        return Path(os.path.realpath(path, strict=True))
    except OSError as error:
        if error.errno == errno.ELOOP:  # Path.resolve says so in some versions of Python, and nothing in others
            return None
    return Path(os.path.realpath(path))


def _data(path: Path) -> bytes | None:
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 (hot path)
        return None
    with open(path, "rb") as file:  # noqa: PTH123 (hot path)
        return file.read()


def _entries(path: Path) -> list[tuple[str, bool]] | OSError:
    try:
        with os.scandir(path) as entries:
            return sorted((entry.name, _is_folder(entry)) for entry in entries)
    except OSError as error:
        return error.with_traceback(None)  # which would keep all that the callers hold


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle: reading it says so
        return False


def _digest(data: bytes | None) -> str:
    return OTHER if data is None else content_digest(data)


def content_digest(data: bytes) -> str:
    """A short text that tells the bytes from all others."""
    from hashlib import blake2b  # loads OpenSSL, which a scan that keeps nothing can do without

    return blake2b(data, digest_size=16).hexdigest()


def _names_digest(found: list[tuple[str, bool]]) -> str:
    return _digest(repr(found).encode("utf-8", "surrogatepass"))


def _failure(error: OSError) -> str:
    return f"error {error.errno}"
