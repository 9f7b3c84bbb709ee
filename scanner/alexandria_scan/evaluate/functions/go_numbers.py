"""Numbers as Go's fmt writes them."""

from __future__ import annotations

from fractions import Fraction

from alexandria_scan.evaluate.numbers import Number, shortest

_BASES = {"b": (2, "0b"), "o": (8, "0"), "d": (10, ""), "x": (16, "0x"), "X": (16, "0X")}


def _digits_of(value: int, base: int) -> str:
    if base == 10:
        return str(value)
    return format(value, {2: "b", 8: "o", 16: "x"}[base])


def _sign(negative: bool, flags: str) -> str:
    if negative:
        return "-"
    return "+" if "+" in flags else " " if " " in flags else ""


def format_integer(value: int, mode: str, flags: str, width: int | None, precision: int | None) -> str:
    """Go's big.Int.Format: a precision is a least number of digits."""
    base, prefix = _BASES[mode]
    digits = _digits_of(abs(value), base)
    if mode == "X":
        digits = digits.upper()
    if precision == 0 and value == 0:
        return ""
    zeros = max(0, (precision or 0) - len(digits))
    head = _sign(value < 0, flags) + (prefix if "#" in flags else "")
    missing = max(0, (width or 0) - len(head) - zeros - len(digits))
    if "-" in flags:
        return head + "0" * zeros + digits + " " * missing
    if "0" in flags and precision is None:
        return head + "0" * missing + digits
    return " " * missing + head + "0" * zeros + digits


def format_float(value: Number, mode: str, flags: str, width: int | None, precision: int | None) -> str:
    """Go's big.Float.Format."""
    if precision is None and mode not in "gG":
        precision = 6
    body = float_text(value, mode, precision)
    negative = body.startswith("-")
    body = body.removeprefix("-")
    sign = _sign(negative, flags)
    missing = max(0, (width or 0) - len(sign) - len(body))
    if "0" in flags:  # before the minus, other than for whole numbers
        return sign + "0" * missing + body
    if "-" in flags:
        return sign + body + " " * missing
    return " " * missing + sign + body


def float_text(value: Number, mode: str, precision: int | None) -> str:
    """Go's big.Float.Text: modes e, f, g and capitals; no precision means as many digits as are needed."""
    sign = "-" if value < 0 or (value == 0 and type(value) is not int) else ""
    digits, point = _decimal(-value if value < 0 else value, mode.lower(), precision)
    kind = mode.lower()
    if kind == "f":
        return sign + _fixed(digits, point, precision or 0)
    letter = "e" if mode.islower() else "E"
    if kind == "e":
        return sign + _scientific(digits, point, precision or 0, letter)
    limit = 6 if precision is None else precision or 1
    if precision is not None and limit > len(digits) and len(digits) >= point:
        limit = len(digits)
    shown = len(digits) if precision is None else min(precision or 1, len(digits))
    if not -4 <= point - 1 < limit:
        return sign + _scientific(digits, point, shown - 1, letter)
    return sign + _fixed(digits, point, max(len(digits) - point, 0))


def _decimal(value: Number, kind: str, precision: int | None) -> tuple[str, int]:
    """The significant digits, without zeros at either end, and where the point is: 0.DIGITS * 10**point."""
    if value == 0:
        return "", 0
    if precision is None:
        _, parts, exponent = shortest(value).as_tuple()
        digits = "".join(map(str, parts))
        assert isinstance(exponent, int)
        return digits.rstrip("0"), len(digits) + exponent
    exact = Fraction(value)
    point = _magnitude(exact)
    wanted = {"e": precision + 1, "f": point + precision, "g": precision or 1}[kind]
    scaled = round(exact * Fraction(10) ** (wanted - point))
    digits = str(scaled)
    if scaled == 0:
        return "", 0
    return digits.rstrip("0"), point + len(digits) - max(wanted, 0)


def _magnitude(value: Fraction) -> int:
    """The p with 10**(p-1) <= value < 10**p."""
    guess = len(str(value.numerator)) - len(str(value.denominator))
    while Fraction(10) ** guess <= value:
        guess += 1
    while Fraction(10) ** (guess - 1) > value:
        guess -= 1
    return guess


def _fixed(digits: str, point: int, decimals: int) -> str:
    whole = digits[:point].ljust(point, "0") if point > 0 else "0"
    if decimals <= 0:
        return whole
    fraction = ("0" * -point + digits if point < 0 else digits[point:])[:decimals]
    return f"{whole}.{fraction.ljust(decimals, '0')}"


def _scientific(digits: str, point: int, decimals: int, letter: str) -> str:
    exponent = point - 1 if digits else 0
    head = digits[:1] or "0"
    tail = "." + digits[1 : decimals + 1].ljust(decimals, "0") if decimals > 0 else ""
    return f"{head}{tail}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
