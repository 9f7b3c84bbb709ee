"""Arithmetic functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import friendly_type, go_quote, unknowable, whole
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.numbers import Double, Number
from alexandria_scan.evaluate.types import NUMBER, STRING, Type, friendly
from alexandria_scan.evaluate.values import Unknown, Value, mark, type_of, unmark, wholly_known

_NOT_A_NUMBER = "panic in function implementation: Float.SetFloat64(NaN)"
_MAX_FLOAT = f"{1.7976931348623157e308:.6f}"


def _as_float(value: Number) -> float:
    try:
        return float(value)
    except OverflowError:
        raise FunctionError(f"value must be between -{_MAX_FLOAT} and {_MAX_FLOAT} inclusive") from None


def _from_float(value: float, subject: str) -> Value:
    """A number that prints as a 64-bit float does; infinity, which Terraform cannot save, is unknown."""
    if math.isnan(value):
        raise FunctionError(_NOT_A_NUMBER)
    if math.isinf(value):
        return unknowable(NUMBER, subject, "is infinite, which Terraform cannot save either", "other")
    exact = Fraction(value)
    if exact.denominator == 1 and Fraction(repr(value)) == exact:
        return exact.numerator
    return Double(exact)


def _log(number: Value, base: Value) -> Value:
    over, under = _go_log(_as_float(number)), _go_log(_as_float(base))
    if under == 0:
        result = math.nan if over == 0 or math.isnan(over) else math.copysign(math.inf, over)
    elif math.isinf(over) and math.isinf(under):
        result = math.nan
    else:
        result = over / under
    return _from_float(result, "log()")


_L = (
    0.0,
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)


def _go_log(value: float) -> float:
    """Go's math.Log, step by step: the C library's may differ in the last digit."""
    if value < 0:
        return math.nan
    if value == 0:
        return -math.inf
    fraction, exponent = math.frexp(value)
    if fraction < math.sqrt(2) / 2:
        fraction *= 2
        exponent -= 1
    f = fraction - 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    odd = s2 * (_L[1] + s4 * (_L[3] + s4 * (_L[5] + s4 * _L[7])))
    even = s4 * (_L[2] + s4 * (_L[4] + s4 * _L[6]))
    half = 0.5 * f * f
    low = exponent * 1.90821492927058770002e-10
    return exponent * 6.93147180369123816490e-01 - ((half - (s * (half + (odd + even)) + low)) - f)


def _pow(number: Value, power: Value) -> Value:
    base, exponent = _as_float(number), _as_float(power)
    if base < 0 and exponent != math.floor(exponent):
        raise FunctionError(_NOT_A_NUMBER)
    if base == 0:
        if exponent < 0:
            return _from_float(math.inf, "pow()")
        return 1 if exponent == 0 else 0
    if abs(exponent) == 0.5:
        root = math.sqrt(base)
        return _from_float(root if exponent > 0 else 1 / root, "pow()")
    if exponent != math.floor(exponent):
        if base == 1:
            return 1
        return unknowable(NUMBER, "pow()", "with a fraction as the power is not computed to the last digit here")
    return _from_float(_go_pow(base, exponent), "pow()")


def _go_pow(base: float, exponent: float) -> float:
    """Go's math.Pow for whole exponents, step by step, as its rounding shows in the last digits."""
    if abs(exponent) >= 2.0**63:
        if abs(base) == 1:
            return 1.0
        return 0.0 if (abs(base) < 1) == (exponent > 0) else math.inf
    mantissa, binary = 1.0, 0
    square, square_binary = math.frexp(base)
    rest = int(abs(exponent))
    while rest:
        if abs(square_binary) > 1 << 12:
            binary += square_binary
            break
        if rest & 1:
            mantissa *= square
            binary += square_binary
        square *= square
        square_binary <<= 1
        if square < 0.5:
            square += square
            square_binary -= 1
        rest >>= 1
    if exponent < 0:
        mantissa, binary = 1 / mantissa, -binary
    try:
        return math.ldexp(mantissa, binary)
    except OverflowError:
        return math.copysign(math.inf, mantissa)


def _abs(number: Value) -> Value:
    bare, marks = unmark(number)
    return mark(abs(bare), marks)


def _signum(number: Value) -> Value:
    value = whole(number)
    return (value > 0) - (value < 0)


def _smallest(*values: Value) -> Value:
    return min(_some(values))


def _greatest(*values: Value) -> Value:
    return max(_some(values))


def _some(values: tuple[Value, ...]) -> tuple[Value, ...]:
    if not values:
        raise FunctionError("must pass at least one number")
    return values


_DIGITS = {character: value for value, character in enumerate("0123456789abcdefghijklmnopqrstuvwxyz")}


def _parseint(text: Value, base: Value) -> Value:
    _parseint_type([text, base])
    radix = whole(base, "base")
    if not 2 <= radix <= 62:
        raise FunctionError("base must be a whole number between 2 and 62 inclusive", "base")
    result = _digits(text, radix)
    if result is None:
        raise FunctionError(f"cannot parse {go_quote(text)} as a base {radix} integer", "number")
    return numbers.rounded(result)


def _parseint_type(arguments: list[Value]) -> Type:
    type_ = type_of(arguments[0])
    if type_ is not STRING:
        raise FunctionError(f"first argument must be a string, not {friendly(type_)}", "number")
    return NUMBER


def _digits(text: str, radix: int) -> int | None:
    """Go's big.Int.SetString: up to base 36 case does not matter, above it capitals follow small letters."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if not body or len(body) > numbers.MAX_EXPONENT:
        return None
    result = 0
    for character in body:
        value = _DIGITS.get(character)
        if value is None and "A" <= character <= "Z":
            value = ord(character) - ord("A") + (10 if radix <= 36 else 36)
        if value is None or value >= radix:
            return None
        result = result * radix + value
    return -result if text[0] == "-" else result


def _sum(values: Value) -> Value:
    if not isinstance(values, (tuple, dict)):
        raise FunctionError("cannot sum noniterable", "list")
    if not values:
        raise FunctionError("cannot sum an empty list", "list")
    if isinstance(values, dict):
        raise FunctionError(f"argument must be list, set, or tuple. Received {friendly_type(values)}", "list")
    if not wholly_known(values):
        return Unknown(NUMBER, (), True)
    total: Number = 0
    for item in values:
        try:
            if item is None:
                raise ConversionError("a number is required")
            total = numbers.rounded(total + convert(item, NUMBER)) if total else convert(item, NUMBER)
        except ConversionError:
            raise FunctionError("argument must be list, set, or tuple of number values", "list") from None
    return total


def _rounding(name: str, round_: Callable[[Fraction], int]) -> Function:
    return Function(name, (Parameter("num", NUMBER),), lambda number: round_(Fraction(number)), NUMBER)


FUNCTIONS = {
    "abs": Function("abs", (Parameter("num", NUMBER, marked=True),), _abs, NUMBER),
    "ceil": _rounding("ceil", math.ceil),
    "floor": _rounding("floor", math.floor),
    "log": Function("log", (Parameter("num", NUMBER), Parameter("base", NUMBER)), _log, NUMBER),
    "max": Function("max", (), _greatest, NUMBER, variadic=Parameter("numbers", NUMBER)),
    "min": Function("min", (), _smallest, NUMBER, variadic=Parameter("numbers", NUMBER)),
    "parseint": Function("parseint", (Parameter("number"), Parameter("base", NUMBER)), _parseint, _parseint_type),
    "pow": Function("pow", (Parameter("num", NUMBER), Parameter("power", NUMBER)), _pow, NUMBER),
    "signum": Function("signum", (Parameter("num", NUMBER),), _signum, NUMBER),
    "sum": Function("sum", (Parameter("list"),), _sum, NUMBER),
}
