"""`csvdecode`: Go's encoding/csv with its strict quotes."""

from __future__ import annotations

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote
from alexandria_scan.evaluate.functions.call import normalized
from alexandria_scan.evaluate.functions.limits import limit_elements
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import DYNAMIC, STRING, ObjectType
from alexandria_scan.evaluate.values import ListVal, Value


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.replace("\r\n", "\n").split("\n")
        if self.lines[-1] == "":
            self.lines.pop()
        elif self.lines[-1].endswith("\r"):
            self.lines[-1] = self.lines[-1][:-1]  # Go drops a carriage return at the very end
        self.at = 0

    def record(self) -> list[str] | None:
        """The fields of the next line that is not empty, or None at the end. Raises FunctionError."""
        while self.at < len(self.lines) and self.lines[self.at] == "":
            self.at += 1
        if self.at >= len(self.lines):
            return None
        fields: list[str] = []
        start: int | None = 0
        while start is not None:
            line = self.lines[self.at]
            start = self.quoted(fields, start + 1) if line.startswith('"', start) else self.bare(fields, start)
        self.at += 1
        return fields

    def bare(self, fields: list[str], start: int) -> int | None:
        """Reads the field that begins there; gives where the next one begins, None after the last of the line."""
        line = self.lines[self.at]
        comma = line.find(",", start)
        field = line[start:] if comma < 0 else line[start:comma]
        if '"' in field:
            raise self.error('bare " in non-quoted-field')
        fields.append(field)
        return None if comma < 0 else comma + 1

    def quoted(self, fields: list[str], start: int) -> int | None:
        """The same for a field in quotes, which may go on in the next lines; `start` is behind its first quote."""
        parts: list[str] = []
        while True:
            line = self.lines[self.at]
            quote = line.find('"', start)
            parts.append(line[start:] if quote < 0 else line[start:quote])
            if quote < 0:
                if self.at + 1 >= len(self.lines):
                    raise self.error('extraneous or missing " in quoted-field')
                self.at += 1
                parts.append("\n")
                start = 0
            elif line.startswith('"', quote + 1):
                parts.append('"')
                start = quote + 2
            elif quote + 1 == len(line) or line[quote + 1] == ",":
                fields.append("".join(parts))
                return quote + 2 if quote + 1 < len(line) else None
            else:
                raise self.error('extraneous or missing " in quoted-field')

    def error(self, what: str) -> FunctionError:
        return FunctionError(f"CSV parse error on line {self.at + 1}: {what}")


def _csvdecode(text: str) -> Value:
    reader = _Reader(text)
    headers = reader.record()
    if headers is None:
        raise FunctionError("missing header line")
    headers = list(map(normalized, headers))
    known: set[str] = set()
    for name in headers:
        if name in known:
            raise FunctionError(f"duplicate column name {go_quote(name)}")
        known.add(name)
    rows: list[Value] = []
    while True:
        fields = reader.record()
        if fields is None:
            break
        if len(fields) != len(headers):
            raise FunctionError(f"CSV parse error on line {reader.at}: wrong number of fields")
        rows.append(dict(zip(headers, map(normalized, fields), strict=True)))
        limit_elements(len(rows) * len(headers))
    return ListVal(rows, ObjectType(dict.fromkeys(headers, STRING)))


FUNCTIONS = {"csvdecode": Function("csvdecode", (Parameter("str", STRING),), _csvdecode, DYNAMIC)}
