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
        rest: str | None = self.lines[self.at]
        while rest is not None:
            rest = self.quoted(fields, rest[1:]) if rest.startswith('"') else self.bare(fields, rest)
        self.at += 1
        return fields

    def bare(self, fields: list[str], rest: str) -> str | None:
        field, comma, rest = rest.partition(",")
        if '"' in field:
            raise self.error('bare " in non-quoted-field')
        fields.append(field)
        return rest if comma else None

    def quoted(self, fields: list[str], rest: str) -> str | None:
        parts: list[str] = []
        while True:
            part, quote, after = rest.partition('"')
            parts.append(part)
            if not quote:
                if self.at + 1 >= len(self.lines):
                    raise self.error('extraneous or missing " in quoted-field')
                self.at += 1
                parts.append("\n")
                rest = self.lines[self.at]
            elif after.startswith('"'):
                parts.append('"')
                rest = after[1:]
            elif after == "" or after.startswith(","):
                fields.append("".join(parts))
                return after[1:] if after else None
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
    for index, name in enumerate(headers):
        if name in headers[:index]:
            raise FunctionError(f"duplicate column name {go_quote(name)}")
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
