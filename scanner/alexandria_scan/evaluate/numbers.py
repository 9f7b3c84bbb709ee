"""Terraform's numbers: integers without loss, fractions with 512 bits of mantissa.

A negative zero, which Terraform writes as "-0", is the one Fraction that is whole: Fraction(0).

A number is a Python int or, where it is not whole, a Fraction that a 512-bit binary float can hold:
that is Go's `big.Float` as Terraform uses it, so 0.1 + 0.2 and 1 / 3 print the same digits.
"""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import TypeAlias

from alexandria_scan.evaluate.errors import LimitExceeded
from alexandria_scan.patterns import pattern

Number: TypeAlias = int | Fraction
PRECISION = 512
NEGATIVE_ZERO = Fraction(0)
MAX_EXPONENT = 10_000  # a literal such as 1e999999999 would otherwise take all memory
_EXACT = Context(prec=1200)
_NUMBER = pattern(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z", re.ASCII)


class Double(Fraction):
    """What `log` and `pow` give where it is not a small whole number: exactly the value of a 64-bit float,
    written with no more digits than tell it from its neighbours. Arithmetic makes an ordinary number of it.

    Terraform calls two numbers equal if it writes them the same, which shows with these only.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, Fraction)) and to_text(self) == to_text(other)

    def __hash__(self) -> int:  # type: ignore[override]  # typeshed says that no Complex has one
        return hash(Fraction(shortest(self)))


class NumberTooLarge(LimitExceeded, ValueError):
    """The number has more digits than the scanner is willing to hold. `what` it is, in a few words."""

    def __init__(self, what: str) -> None:
        super().__init__("Value too large", f"The result would be a {what}.")
        self.what = what

    def __str__(self) -> str:
        return self.what


def rounded(value: Number) -> Number:
    """`value` with at most 512 significant bits (half to even), as an int if it is whole."""
    if type(value) is int:
        bits = value.bit_length()
        if bits <= PRECISION:
            return value
        if bits > MAX_EXPONENT * 4:
            raise NumberTooLarge(f"number with more than {MAX_EXPONENT} digits")
        return _shifted(Fraction(value), bits - PRECISION)
    fraction = Fraction(value)
    if fraction == 0:
        return 0
    excess = _bits(fraction) - PRECISION
    denominator = fraction.denominator
    if not (denominator & (denominator - 1) == 0 and abs(fraction.numerator).bit_length() <= PRECISION):
        return _shifted(fraction, excess)
    return fraction.numerator if denominator == 1 else fraction


def _bits(fraction: Fraction) -> int:
    """The exponent e with 2**(e-1) <= |fraction| < 2**e."""
    guess = abs(fraction.numerator).bit_length() - fraction.denominator.bit_length()
    if abs(fraction) >= Fraction(2) ** guess:
        guess += 1
    return guess


def _shifted(fraction: Fraction, shift: int) -> Number:
    unit = Fraction(2) ** shift
    result = round(fraction / unit) * unit
    return result.numerator if result.denominator == 1 else result


def parse(text: str) -> Number | None:
    """The number that `text` spells in decimal, or None. Raises NumberTooLarge."""
    if not _NUMBER.match(text):
        return None
    mantissa, _, exponent = text.lower().partition("e")
    if (exponent and abs(int(exponent)) > MAX_EXPONENT) or len(mantissa) > MAX_EXPONENT:
        raise NumberTooLarge(f"number with more than {MAX_EXPONENT} digits")
    if not exponent and mantissa.lstrip("+-").isdigit():
        value = rounded(int(mantissa))
    else:
        value = rounded(Fraction(Decimal(mantissa)) * Fraction(10) ** int(exponent or 0))
    return NEGATIVE_ZERO if value == 0 and text.startswith("-") else value


def negated(value: Number) -> Number:
    if value == 0:
        return NEGATIVE_ZERO if type(value) is int else 0
    return -value


def multiplied(left: Number, right: Number) -> Number:
    if left == 0 or right == 0:
        return NEGATIVE_ZERO if _is_negative(left) != _is_negative(right) else 0
    return rounded(left * right)


def _is_negative(value: Number) -> bool:
    return value < 0 or (value == 0 and type(value) is not int)


def to_text(value: Number) -> str:
    """The shortest decimal spelling that reads back as the same number, without an exponent."""
    if value.numerator == 0:
        return "0" if type(value) is int else "-0"
    if type(value) is int and value.bit_length() <= PRECISION:
        return str(value)
    return format(shortest(value), "f")


def shortest(value: Number) -> Decimal:
    """The decimal with the fewest digits that reads back as the same number."""
    if type(value) is Double:
        return _shortest_double(value)
    value = Fraction(value)
    low, high = 1, 160
    while low < high:
        middle = (low + high) // 2
        if _reads_back(value, middle):
            high = middle
        else:
            low = middle + 1
    return _to_decimal(value, low)


def _shortest_double(value: Double) -> Decimal:
    """Go's big.Float.Text for 53 bits: the first digits that lie less than half a unit of the last bit away. Not
    Python's repr: that knows that below a power of two the next number is nearer."""
    half = Fraction(2) ** (_bits(value) - 54)
    inclusive = abs(value) / half % 4 == 0
    exact, low, high = (_to_decimal(number, 1200) for number in (abs(value), abs(value) - half, abs(value) + half))
    digits, lower, upper = (number.normalize(_EXACT).as_tuple().digits for number in (exact, low, high))
    for index, digit in enumerate(digits):
        above = upper[index] if index < len(upper) else 0
        down = (lower[index] if index < len(lower) else 0) != digit or (inclusive and index + 1 == len(lower))
        up = digit != above and (inclusive or digit + 1 < above or index + 1 < len(upper))
        if down or up:
            rounding = ROUND_HALF_EVEN if down and up else ROUND_DOWN if down else ROUND_UP
            exact = Context(prec=index + 1, rounding=rounding).plus(exact)
            break
    return exact if value > 0 else -exact


def _reads_back(value: Fraction, digits: int) -> bool:
    return rounded(Fraction(_to_decimal(value, digits))) == value


def _to_decimal(value: Fraction, digits: int) -> Decimal:
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emax=999_999, Emin=-999_999)
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


def divide(left: Number, right: Number) -> Number:
    return rounded(Fraction(left) / Fraction(right))


def modulo(left: Number, right: Number) -> Number:
    """The remainder with the sign of the dividend, rounded at each step as go-cty does; by zero: the dividend."""
    if right == 0:
        return left
    quotient = rounded(Fraction(left) / Fraction(right))
    whole = quotient if type(quotient) is int else int(quotient)
    return rounded(Fraction(left) - Fraction(rounded(Fraction(right) * whole)))
