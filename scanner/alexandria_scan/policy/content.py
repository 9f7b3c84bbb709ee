"""The files of a folder of policies, and what was made of them: read, remembered from a run before, or packed.

Reading and parsing 350 manifests takes longer than most scans. A wheel has their data in one file; what was made of it
is kept in the user's cache folder, and counts only for the same names, sizes and times of change. A cache that cannot
be read or written is no cache: nothing depends on it.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from alexandria_scan import __version__
from alexandria_scan.policy.manifest import Code, PolicyError, Text
from alexandria_scan.program import program_state
from alexandria_scan.syntax.kept import to_bytes

if TYPE_CHECKING:
    from alexandria_scan.policy.yaml_file import YamlFile

PACK = "pack.json"
Stamp = tuple[int, int]
T = TypeVar("T")
_CHECKSUM = len(b"00000000\n")
_SHAPES = ("syntax", "policy", "compliance")  # the packages whose code decides what is made of the files, and how


class Kept(msgspec.Struct):
    """What is remembered of a folder: every file's time of change and size, and the data of those in YAML.

    `made` is what was made of the files, by name, and `expressions` those of its texts that were parsed. All that
    counts for the same files and `program`; for a packed folder `pack` is the pack's own stamp.
    """

    stamps: dict[str, Stamp]
    data: dict[str, msgspec.Raw]
    made: dict[str, msgspec.Raw] = {}
    expressions: list[msgspec.Raw] = []
    pack: Stamp | None = None
    program: str = ""


class Content:
    """The files below a folder, by their names relative to it with `/`; hidden ones are left out."""

    def __init__(self, folder: Path, cache: Path | None = None, built_in: bool = False) -> None:
        """`cache` is where the data is remembered, if anywhere. What is `built_in` may be packed."""
        self.folder = folder
        self._built_in = built_in
        self._cache = cache
        self._pack = _stamp(folder / PACK) if built_in else None
        self._program = _program() if cache is not None else ""
        known = _remembered(cache) if cache is not None else None
        self._decode: Callable[[msgspec.Raw], Any] = msgspec.msgpack.decode
        if known is not None and (known.pack != self._pack or known.program != self._program):
            known = None
        if known is None and self._pack is not None:
            known, self._decode = _packed(folder / PACK), msgspec.json.decode
            self._pack = self._pack if known is not None else None
        self._stamps = known.stamps if known is not None and self._pack is not None else _stamps(folder)
        if known is None or known.stamps != self._stamps:
            known = Kept(self._stamps, {})
        self._known = known
        self._read: dict[str, Any] = {}
        self._made: dict[str, Any] = {}
        self._making = False

    def yaml_names(self, part: str = "") -> list[str]:
        """The YAML files directly in a sub-folder, or all of them, sorted."""
        names = [name for name in self._stamps if name.endswith(".yaml")]
        return sorted(name for name in names if not part or name.rpartition("/")[0] == part)

    def holds(self, name: str) -> bool:
        return name in self._stamps

    def yaml(self, name: str, shown: str) -> YamlFile:
        """A YAML file; `shown` is its name in messages. Raises PolicyError."""
        from alexandria_scan.policy.yaml_file import YamlFile  # what was remembered does without it

        path = self.folder / name
        if name in self._known.data:
            return YamlFile(path, shown, self._decode(self._known.data[name]))
        file = YamlFile(path, shown)
        if not self._making:
            self._read[name] = file.data
        return file

    def made(self, name: str, type_: type[T], make: Callable[[], T]) -> T:
        """What `make` makes of the files, or made of them in a run before. Raises what `make` raises.

        It is built of structs; and of conditions, messages and code, which are told apart here.
        """
        if name in self._known.made:
            return msgspec.msgpack.decode(self._known.made[name], type=type_, dec_hook=self._restored)
        self._making = True
        try:
            self._made[name] = value = make()
        finally:
            self._making = False
        return value

    def _restored(self, type_: type[Any], value: Any) -> Any:
        if type_ is Code:
            name, shown = value
            return Code(self.folder / name, shown, self._built_in)
        text, shown, number = value
        return type_(text, shown, self._known.expressions[number])

    def state(self, by_stamps: bool) -> dict[str, object]:
        """What tells the files from others: their times of change and sizes, or all that they hold. Raises OSError."""
        if by_stamps:
            return {str(self.folder): sorted(self._stamps.items()), PACK: self._pack}
        return {name: (self.folder / name).read_bytes() for name in sorted(self._stamps)}

    def keep(self) -> None:
        """Writes what was read and made, whole or not at all: not where a number takes more than 64 bits."""
        if self._cache is None or not (self._read or self._made):
            return
        temporary = self._cache.with_name(f"{self._cache.name}.{os.getpid()}.tmp")
        try:
            known = self._all()
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            data = msgspec.msgpack.encode(known)
            temporary.write_bytes(_checksum(data) + data)
            temporary.replace(self._cache)
            self._known, self._decode = known, msgspec.msgpack.decode  # whatever comes later is kept beside it
        except (OSError, TypeError, ValueError, OverflowError, msgspec.EncodeError):
            with suppress(OSError):
                temporary.unlink()
        self._read, self._made = {}, {}

    def _all(self) -> Kept:
        data = {**self._known.data, **{name: _raw(value) for name, value in self._read.items()}}
        expressions = list(self._known.expressions)

        def told(value: object) -> object:
            if isinstance(value, Code):
                return value.path.relative_to(self.folder).as_posix(), value.file
            if not isinstance(value, Text):
                raise TypeError(f"{type(value).__name__} cannot be kept")
            expressions.append(msgspec.Raw(to_bytes(value.node)))
            return value.text, value.file, len(expressions) - 1

        made = {name: msgspec.Raw(msgspec.msgpack.encode(value, enc_hook=told)) for name, value in self._made.items()}
        if self._pack is not None:
            data = {}  # the pack has it
        return Kept(self._stamps, data, {**self._known.made, **made}, expressions, self._pack, self._program)


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(value))


def _packed(file: Path) -> Kept | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Kept)
    except (OSError, msgspec.DecodeError):
        return None


def _remembered(file: Path) -> Kept | None:
    """What was written, if nothing happened to it since."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    checksum, body = data[:_CHECKSUM], data[_CHECKSUM:]
    if checksum != _checksum(body):
        return None
    try:
        return msgspec.msgpack.decode(body, type=Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError):  # another program of the same version has written it otherwise
        return None


def _checksum(data: bytes) -> bytes:
    return b"%08x\n" % zlib.crc32(data)


def _stamp(file: Path) -> Stamp | None:
    try:
        now = file.stat()
    except OSError:
        return None
    return now.st_mtime_ns, now.st_size


def _program() -> str:
    try:
        return f"{zlib.crc32(repr(program_state(*_SHAPES)).encode()):08x}"
    except OSError:
        return ""


def _stamps(folder: Path) -> dict[str, Stamp]:
    found: dict[str, Stamp] = {}
    pending = [("", str(folder))]
    while pending:
        prefix, path = pending.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if entry.name.startswith((".", "__pycache__")):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        pending.append((f"{prefix}{entry.name}/", entry.path))
                    else:
                        found[prefix + entry.name] = _entry_stamp(entry)
        except (FileNotFoundError, NotADirectoryError):  # a folder that was named wrongly is missed there
            if path != str(folder):
                raise _unlisted(path, "it is there no more") from None
        except OSError as error:
            raise _unlisted(path, error.strerror or str(error)) from None
    return found


def _entry_stamp(entry: os.DirEntry[str]) -> Stamp:
    try:
        now = entry.stat()
    except OSError:  # a link that leads nowhere hides no other file; who reads it is told
        now = entry.stat(follow_symlinks=False)
    return now.st_mtime_ns, now.st_size


def _unlisted(path: str, why: str) -> PolicyError:
    return PolicyError(path, 0, f"cannot be listed: {why}", "Check who may read it.")


def cache_base() -> Path | None:
    """Where the program keeps what it can find out again. ALEXANDRIA_SCAN_CACHE names another place, "" none."""
    named = os.environ.get("ALEXANDRIA_SCAN_CACHE")
    if named == "":
        return None
    try:
        base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    except RuntimeError:  # there is no home
        return None
    return base / "alexandria-scan"


def cache_file(folder: Path) -> Path | None:
    """Where the data of a folder is kept, None if nowhere."""
    base = cache_base()
    name = f"policies-{__version__}-{zlib.crc32(os.fsencode(folder.absolute())):08x}.msgpack"
    return base / name if base is not None else None
