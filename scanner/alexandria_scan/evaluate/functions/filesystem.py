"""Files and paths."""

from __future__ import annotations

import posixpath

import msgspec

from alexandria_scan.evaluate.errors import MISSING_FILE, FunctionError
from alexandria_scan.evaluate.functions.arguments import redacted, unknowable
from alexandria_scan.evaluate.functions.encoding import to_base64
from alexandria_scan.evaluate.functions.files import clean_path, located, read
from alexandria_scan.evaluate.functions.globbing import BadPattern, matching_files
from alexandria_scan.evaluate.functions.signature import Context, Function, Parameter
from alexandria_scan.evaluate.types import BOOL, STRING, SetType
from alexandria_scan.evaluate.values import Unknown, Value, make_set, mark, unmark
from alexandria_scan.source.disk import FILE, FOLDER, OTHER


def read_bytes(context: Context, path: str, marks: frozenset[str]) -> bytes:
    """The file's bytes. Raises FunctionError in Terraform's words, LimitExceeded outside of the tree."""
    try:
        return read(context, path)
    except IsADirectoryError:
        raise FunctionError(f"failed to read file: read {clean_path(path)}: is a directory", "path") from None
    except (OSError, ValueError):
        raise FunctionError(
            f"{MISSING_FILE}{redacted(path, marks)}; this function works only with files that are"
            " distributed as part of the configuration source code, so if this file will be created by a"
            " resource in this configuration you must instead obtain this result from an attribute of that"
            " resource",
            "path",
        ) from None


def read_text(context: Context, path: str, marks: frozenset[str]) -> str:
    try:
        return read_bytes(context, path, marks).decode("utf-8")
    except UnicodeDecodeError:
        raise FunctionError(
            f"contents of {redacted(path, marks)} are not valid UTF-8; use the filebase64 function to obtain"
            " the Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain"
            " file hashing results instead"
        ) from None


def _file(context: Context, path: Value) -> Value:
    bare, marks = unmark(path)
    if type(bare) is Unknown:
        return mark(Unknown(STRING, (), True), marks)
    return mark(read_text(context, bare, marks), marks)


def _filebase64(context: Context, path: Value) -> Value:
    bare, marks = unmark(path)
    if type(bare) is Unknown:
        return mark(Unknown(STRING, (), True), marks)
    return mark(to_base64(read_bytes(context, bare, marks)), marks)


def _fileexists(context: Context, path: Value) -> Value:
    bare, marks = unmark(path)
    if type(bare) is Unknown:
        return mark(Unknown(BOOL, (), True), marks)
    try:
        target = located(context, bare)
    except ValueError:
        raise FunctionError(f"failed to stat {redacted(bare, marks)}") from None
    kind = context.disk.kind(target)
    if kind == FOLDER:
        raise FunctionError(f"{redacted(clean_path(bare), marks)} is a directory, not a file")
    if kind == OTHER:
        raise FunctionError(f"{redacted(clean_path(bare), marks)} is not a regular file")
    return mark(kind == FILE, marks)


def _fileset(context: Context, path: Value, pattern: Value) -> Value:
    folder, path_marks = unmark(path)
    glob, pattern_marks = unmark(pattern)
    marks = path_marks | pattern_marks
    if type(folder) is Unknown or type(glob) is Unknown:
        return mark(Unknown(SetType(STRING), (), True), marks)
    whole = clean_path(posixpath.join(folder, glob.lstrip("/"))) if folder or glob else "."
    try:
        matches = matching_files(context, whole)
    except BadPattern:
        detail = f"failed to glob pattern {redacted(whole, marks)}: syntax error in pattern"
        raise FunctionError(detail) from None
    base = clean_path(folder)
    return mark(make_set([posixpath.relpath(match, base) for match in matches], STRING), marks)


def _basename(path: Value) -> Value:
    if type(path) is Unknown:
        name = path.suffix.rpartition("/")[2]
        return name if name and "/" in path.suffix and path.only_inputs else Unknown(STRING, (), True)
    if path == "":
        return "."
    return posixpath.basename(path.rstrip("/")) or "/"


def _dirname(path: Value) -> Value:
    if type(path) is Unknown:
        return Unknown(STRING, (), True, suffix=_clean_end(path).rpartition("/")[0])
    return clean_path(path[: path.rfind("/") + 1] or ".")


def _clean_end(path: Unknown) -> str:
    """What a path ends with, where cleaning the path leaves that as it is."""
    end = path.suffix
    return end if len(end) > 1 and end[0] == "/" and clean_path(end) == end else ""


def _abspath(context: Context, path: Value) -> Value:
    """Of a relative path it is known how it ends: relative paths start in the folder of the root, also with `-chdir`.
    How that is called is open where a link leads to it: by its own name or by the link's."""
    if type(path) is Unknown:
        return Unknown(STRING, (), True, suffix=_clean_end(path))
    if path.startswith("/"):
        return clean_path(path)
    whole = unknowable(STRING, "abspath()", "depends on the folder in which Terraform runs")
    relative = clean_path(path)
    if relative.startswith(".."):
        return whole
    name = posixpath.basename(posixpath.abspath(context.directory))
    known = name if name == context.directory.resolve().name else ""
    below = clean_path(posixpath.join("/", known, relative))
    return msgspec.structs.replace(whole, suffix=below.rstrip("/"))


def _pathexpand(path: str) -> Value:
    if not path.startswith("~"):
        return path
    if path != "~" and not path.startswith("~/"):
        raise FunctionError("cannot expand user-specific home dir")
    return unknowable(STRING, "pathexpand()", "depends on the home folder of the user who runs Terraform")


_PATH = Parameter("path", STRING)
_UNKNOWN_PATH = Parameter("path", STRING, unknown=True)
_OPEN_PATH = Parameter("path", STRING, unknown=True, marked=True)

FUNCTIONS = {
    function.name: function
    for function in (
        Function("abspath", (_UNKNOWN_PATH,), _abspath, STRING, context=True),
        Function("basename", (_UNKNOWN_PATH,), _basename, STRING),
        Function("dirname", (_UNKNOWN_PATH,), _dirname, STRING),
        Function("file", (_OPEN_PATH,), _file, STRING, context=True),
        Function("filebase64", (_OPEN_PATH,), _filebase64, STRING, context=True),
        Function("fileexists", (_OPEN_PATH,), _fileexists, BOOL, context=True),
        Function(
            "fileset",
            (_OPEN_PATH, Parameter("pattern", STRING, unknown=True, marked=True)),
            _fileset,
            SetType(STRING),
            context=True,
        ),
        Function("pathexpand", (_PATH,), _pathexpand, STRING),
    )
}
