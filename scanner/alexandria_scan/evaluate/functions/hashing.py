"""Hashes, identifiers and secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from alexandria_scan.evaluate.errors import CANNOT_OPEN, FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote, unknowable
from alexandria_scan.evaluate.functions.encoding import from_base64, to_base64
from alexandria_scan.evaluate.functions.files import clean_path, read
from alexandria_scan.evaluate.functions.signature import Context, Function, Parameter
from alexandria_scan.evaluate.types import NUMBER, STRING
from alexandria_scan.evaluate.values import Value

Digest = Callable[[bytes], bytes]


def _digest(algorithm: str) -> Digest:
    return lambda data: hashlib.new(algorithm, data, usedforsecurity=False).digest()


def _hex(data: bytes) -> str:
    return data.hex()


def _of_text(name: str, algorithm: str, write: Callable[[bytes], str]) -> Function:
    digest = _digest(algorithm)
    return Function(name, (Parameter("str", STRING),), lambda text: write(digest(text.encode())), STRING)


def _of_file(name: str, algorithm: str, write: Callable[[bytes], str]) -> Function:
    digest = _digest(algorithm)

    def run(context: Context, path: str) -> str:
        try:
            return write(digest(read(context, path)))
        except IsADirectoryError:
            raise FunctionError(f"read {clean_path(path)}: is a directory") from None
        except (OSError, ValueError):
            raise FunctionError(f"open {clean_path(path)}: {CANNOT_OPEN}") from None

    return Function(name, (Parameter("path", STRING),), run, STRING, context=True)


def _uuid() -> Value:
    return unknowable(STRING, "uuid()", "is another one in every run", kind="computed")


def _bcrypt(text: str, *cost: Value) -> Value:
    return unknowable(STRING, "bcrypt()", "is salted at random", kind="computed")


_NAMESPACES = {
    "dns": "6ba7b8109dad11d180b400c04fd430c8",
    "url": "6ba7b8119dad11d180b400c04fd430c8",
    "oid": "6ba7b8129dad11d180b400c04fd430c8",
    "x500": "6ba7b8149dad11d180b400c04fd430c8",
}


def _uuidv5(namespace: str, name: str) -> str:
    digits = _NAMESPACES.get(namespace) or _uuid_digits(namespace)
    data = bytearray(_digest("sha1")(bytes.fromhex(digits) + name.encode())[:16])
    data[6] = data[6] & 0x0F | 0x50
    data[8] = data[8] & 0x3F | 0x80
    text = data.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _uuid_digits(text: str) -> str:
    """The digits of a UUID in one of the four spellings that google/uuid reads."""
    body = text
    length = len(text.encode())
    if length == 45 and text[:9].lower() == "urn:uuid:":
        body = text[9:]
    elif length == 38:
        body = text[1:-1]
    elif length not in (36, 32):
        raise _bad_namespace(text, f"invalid UUID length: {length}")
    if len(body) == 36 and all(body[index] == "-" for index in (8, 13, 18, 23)):
        body = body[:8] + body[9:13] + body[14:18] + body[19:23] + body[24:]
    if len(body) != 32 or any(digit not in "0123456789abcdefABCDEF" for digit in body):
        raise _bad_namespace(text, "invalid UUID format")
    return body


def _bad_namespace(text: str, why: str) -> FunctionError:
    return FunctionError(f"uuidv5() doesn't support namespace {text} ({why})")


def _rsadecrypt(ciphertext: str, key: str) -> Value:
    """The scanner never opens a secret, but it says what Terraform would refuse."""
    if from_base64(ciphertext) is None:
        detail = f"failed to decode input {go_quote(ciphertext)}: cipher text must be base64-encoded"
        raise FunctionError(detail, "ciphertext")
    if "-----BEGIN " not in key:
        raise FunctionError("invalid private key: ssh: no key found", "privatekey")
    return unknowable(STRING, "rsadecrypt()", "gives a secret, which the scanner does not decrypt")


_ALGORITHMS = ("md5", "sha1", "sha256", "sha512")

FUNCTIONS = {
    function.name: function
    for function in (
        *(_of_text(name, name, _hex) for name in _ALGORITHMS),
        *(_of_text("base64" + name, name, to_base64) for name in ("sha256", "sha512")),
        *(_of_file("file" + name, name, _hex) for name in _ALGORITHMS),
        *(_of_file("filebase64" + name, name, to_base64) for name in ("sha256", "sha512")),
        Function("uuid", (), _uuid, STRING),
        Function("bcrypt", (Parameter("str", STRING),), _bcrypt, STRING, Parameter("cost", NUMBER)),
        Function("uuidv5", (Parameter("namespace", STRING), Parameter("name", STRING)), _uuidv5, STRING),
        Function(
            "rsadecrypt",
            (Parameter("ciphertext", STRING), Parameter("privatekey", STRING)),
            _rsadecrypt,
            STRING,
        ),
    )
}
