"""Calling a function by name: what go-cty's function.Call and HCL's call expression do around each."""

from __future__ import annotations

from collections.abc import Collection, Container
from importlib import import_module

import msgspec

from alexandria_scan.evaluate.budget import CHARACTERS
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError, FunctionError, LimitExceeded, WrongCount
from alexandria_scan.evaluate.functions.limits import MAX_WALK, limit_text
from alexandria_scan.evaluate.functions.signature import Context, Function, Parameter
from alexandria_scan.evaluate.members import with_members
from alexandria_scan.evaluate.numbers import NumberTooLarge
from alexandria_scan.evaluate.types import DYNAMIC, PLAIN, STRING, Type
from alexandria_scan.evaluate.values import (
    LazyObject,
    MapVal,
    Marked,
    Reason,
    Unknown,
    Value,
    collect_reasons,
    force,
    like,
    mark,
)

_FAMILIES = {
    "numeric": "abs ceil floor log max min parseint pow signum sum",
    "predicates": "alltrue anytrue contains length",
    "text": "chomp endswith indent join lower replace split startswith strcontains strrev substr title"
    " trim trimprefix trimspace trimsuffix upper",
    "formatting": "format formatlist",
    "regexes": "regex regexall",
    "sequences": "chunklist concat element flatten range reverse slice sort",
    "choices": "coalesce coalescelist compact distinct index list map matchkeys one",
    "mappings": "keys lookup merge transpose values zipmap",
    "sets": "setintersection setproduct setsubtract setunion",
    "conversion": "ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring",
    "encoding": "base64decode base64encode base64gzip textdecodebase64 textencodebase64 urlencode",
    "csv_codec": "csvdecode",
    "json_codec": "jsondecode jsonencode",
    "yaml_codec": "yamldecode yamlencode",
    "tfvars": "provider::terraform::decode_tfvars provider::terraform::encode_expr provider::terraform::encode_tfvars",
    "filesystem": "abspath basename dirname file filebase64 fileexists fileset pathexpand",
    "templates": "templatefile templatestring",
    "dates": "formatdate plantimestamp timeadd timecmp timestamp",
    "hashing": "base64sha256 base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 filesha1"
    " filesha256 filesha512 md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5",
    "network": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
}
_FAMILY = {name: family for family, listed in _FAMILIES.items() for name in listed.split()}
_loaded: dict[str, Function] = {}
_SHORT = frozenset([bool, int, type(None)])  # values of which there is nothing to check
_FILE_FUNCTIONS = frozenset(name for name in _FAMILY if name.startswith("file"))
_TEMPLATE_FUNCTIONS = frozenset({"templatefile", "templatestring"})


def names() -> frozenset[str]:
    """The functions that can be called here: Terraform's, but for `try` and `can`, which take no values."""
    return frozenset(_FAMILY)


def call(name: str, arguments: list[Value], context: Context, typed: Container[int] = ()) -> Value:
    """The function's result for the arguments, of which the `typed` are nulls of a known type. Raises EvalError as
    Terraform would word it."""
    function = _loaded.get(name) or _function(name.removeprefix("core::"))
    if function is None:
        from alexandria_scan.evaluate.functions.unavailable import unavailable

        return unavailable(name, names() | {"try", "can"})
    if len(arguments) != len(function.parameters):
        _check_count(name, function, len(arguments))
    try:
        if context.extra:
            _check_surroundings(name.removeprefix("core::"), context)
        return _call(function, arguments, context, typed)
    except FunctionError as error:
        if error.parameter is None:
            detail = f'Call to function "{name}" failed: {error.detail}.'
            raise EvalError("Error in function call", detail) from None
        raise _invalid(error.parameter, error.detail) from None
    except ConversionError as error:
        raise EvalError("Error in function call", f'Call to function "{name}" failed: {error.message}.') from None
    except NumberTooLarge as error:
        raise LimitExceeded("Value too large", f"The result would be a {error}.") from None
    except RecursionError:
        raise LimitExceeded("Value too deep", f'Function "{name}" was given a value nested too deeply.') from None


def _function(name: str) -> Function | None:
    """The function, once the module that it is in has been imported."""
    if name in _FAMILY and name not in _loaded:
        _loaded.update(import_module(f"{__package__}.{_FAMILY[name]}").FUNCTIONS)
    return _loaded.get(name)


def _call(function: Function, arguments: list[Value], context: Context, typed: Container[int]) -> Value:
    parameters = function.parameters
    if function.variadic is not None:
        parameters += (function.variadic,) * (len(arguments) - len(parameters))
    characters = _plain_characters(arguments, parameters)
    if characters is not None:
        return _computed(function, arguments, context, characters // CHARACTERS)
    walk = _Walk()
    values = [_converted(argument, parameter) for argument, parameter in zip(arguments, parameters, strict=True)]
    unknown = untyped = False
    for index, parameter in enumerate(parameters):
        value = values[index]
        bare = value.value if type(value) is Marked else value
        if bare is None and not parameter.null:
            raise FunctionError("argument must not be null", parameter.name)
        if not parameter.marked:
            values[index] = bare = walk.stripped(value)
        kind = type(bare)
        unknown = unknown or (kind is Unknown and not parameter.unknown)
        if parameter.type is DYNAMIC and not parameter.dynamic:
            untyped = untyped or (bare is None and index not in typed) or (kind is Unknown and bare.type is DYNAMIC)
    if untyped:
        result: Value = Unknown(DYNAMIC, collect_reasons(*values) or (_untyped_null(function.name),))
        result = with_members(function.name, values, result)
    elif unknown:
        type_ = _result_type(function, values)
        result = Unknown(type_, collect_reasons(*values), function.not_null and type_ is not DYNAMIC)
        result = with_members(function.name, values, result)
    else:
        result = _computed(function, values, context, walk.steps())
    return mark(result, frozenset(walk.marks)) if walk.marks else result


def _plain_characters(arguments: list[Value], parameters: tuple[Parameter, ...]) -> int | None:
    """How many characters the arguments have, if each is a single value that its parameter takes as it is."""
    characters = 0
    for argument, parameter in zip(arguments, parameters, strict=True):
        type_ = PLAIN.get(type(argument))
        if type_ is None or (parameter.type is not type_ and parameter.type is not DYNAMIC):
            return None
        if type_ is STRING and not parameter.marked:
            characters += len(argument)
    return characters


def _computed(function: Function, values: list[Value], context: Context, steps: int) -> Value:
    """What the implementation makes of arguments of which it needs to know no more."""
    if steps:
        context.budget.spend(steps)
    made = function.implementation(context, *values) if function.context else function.implementation(*values)
    if type(made) in _SHORT:
        return made
    result = _finished(made, values)
    if type(result) is str:
        context.budget.spend(len(result) // CHARACTERS)
    elif isinstance(result, (tuple, dict)):
        context.budget.spend(len(result) // 8)
    return with_members(function.name, values, result)


def _converted(argument: Value, parameter: Parameter) -> Value:
    if isinstance(argument, LazyObject):
        argument = force(argument)
    elif type(argument) is Marked and isinstance(argument.value, LazyObject):
        argument = mark(force(argument.value), argument.marks)
    if parameter.type is DYNAMIC or (type(argument) is str and parameter.type is STRING):
        return argument
    try:
        return convert(argument, parameter.type)
    except ConversionError as error:
        raise FunctionError(error.message, parameter.name) from None


def _result_type(function: Function, values: list[Value]) -> Type:
    returns = function.returns
    return returns(values) if callable(returns) else returns


def _finished(result: Value, values: list[Value]) -> Value:
    """The result with its text in Unicode's normal form C, as all of Terraform's, and its unknowns explained."""
    bare = result.value if type(result) is Marked else result
    if type(bare) is str:
        limit_text(len(bare))
        if not bare.isascii():
            normal = normalized(bare)
            return normal if bare is result else Marked(normal, result.marks)
    elif type(bare) is Unknown and not bare.reasons:
        explained = msgspec.structs.replace(bare, reasons=collect_reasons(*values))
        return explained if bare is result else Marked(explained, result.marks)
    return result


def normalized(text: str) -> str:
    from unicodedata import normalize

    return normalize("NFC", text)


def _untyped_null(name: str) -> Reason:
    return Reason(
        f"{name}()",
        "is given a null without a type, whose result Terraform leaves open until it applies",
        kind="computed",
    )


class _Walk:
    """Takes marks and lazy objects out of arguments at any depth, and counts what it meets on the way: a
    value whose parts are shared can be far larger to walk than to hold."""

    __slots__ = ("characters", "left", "marks")

    def __init__(self) -> None:
        self.marks: set[str] = set()
        self.left = MAX_WALK
        self.characters = 0

    def steps(self) -> int:
        """About how long a function works on what was walked."""
        return (MAX_WALK - self.left) // 8 + self.characters // CHARACTERS

    def stripped(self, value: Value) -> Value:
        if type(value) is Marked:
            self.marks |= value.marks
            value = value.value
        if type(value) in PLAIN:
            self.characters += len(value) if type(value) is str else 0
            return value
        if isinstance(value, tuple):
            self.count(len(value))
            if self._are_plain(value):
                return value
            items = [self.stripped(item) for item in value]
            if all(map(_same, items, value)):
                return value
            return like(value, items)
        if isinstance(value, LazyObject):
            value = force(value)
        if isinstance(value, dict):
            self.count(len(value))
            if self._are_plain(value.values()):
                return value
            entries = {key: self.stripped(item) for key, item in value.items()}
            if all(entries[key] is value[key] for key in entries):
                return value
            return MapVal(entries, value.element) if isinstance(value, MapVal) else entries
        return value

    def _are_plain(self, items: Collection[Value]) -> bool:
        """Whether none of the items has anything to take out; their characters are counted then."""
        kinds = set(map(type, items))
        if not kinds <= PLAIN.keys():
            return False
        if str in kinds:
            self.characters += sum(map(len, items if len(kinds) == 1 else filter(_is_text, items)))
        return True

    def count(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise LimitExceeded("Value too large", f"An argument has more than {MAX_WALK} elements.")


def _is_text(value: Value) -> bool:
    return type(value) is str


def _same(left: Value, right: Value) -> bool:
    return left is right


def _check_count(name: str, function: Function, given: int) -> None:
    parameters = function.parameters
    if given < len(parameters):
        least = " at least" if function.variadic else ""
        missing = parameters[given].name
        detail = f'Function "{name}" expects{least} {len(parameters)} argument(s). Missing value for "{missing}".'
        raise WrongCount("Not enough function arguments", detail)
    if given > len(parameters) and function.variadic is None:
        detail = f'Function "{name}" expects only {len(parameters)} argument(s).'
        raise WrongCount("Too many function arguments", detail)


def _check_surroundings(name: str, context: Context) -> None:
    if context.extra.get("calls") is False:
        raise EvalError("Function calls not allowed", "Functions may not be called here.")
    template = context.extra.get("template")
    if template and name in _TEMPLATE_FUNCTIONS:
        raise FunctionError(f"cannot recursively call {name} from inside another template function")
    if template == "templatestring" and name in _FILE_FUNCTIONS:
        raise FunctionError(
            f"cannot use filesystem access functions like {name} in templatestring templates; consider"
            " passing the function result as a template variable instead"
        )


def _invalid(parameter: str, detail: str) -> EvalError:
    return EvalError("Invalid function argument", f'Invalid value for "{parameter}" parameter: {detail}.')
