"""What is the same for every function: arguments, nulls, unknowns, marks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.evaluate.errors import EvalError, LimitExceeded
from alexandria_scan.evaluate.functions.call import call, names
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.types import DYNAMIC, NUMBER, STRING, ListType
from alexandria_scan.evaluate.values import LazyObject, Marked, OpenTuple, Reason, Unknown, Value


def no_template(text: str, name: str, variables: dict[str, Any]) -> Value:
    raise AssertionError("no template is rendered here")


CONTEXT = Context(Path("/nowhere"), Path("/nowhere"), no_template)
BECAUSE = Reason("var.x", "has no value", kind="input")
ANOTHER = Reason("aws_vpc.main.id", "is computed", kind="computed")


class Resource(LazyObject):
    def names(self) -> Iterable[str] | None:
        return ["name", "id"]

    def attribute(self, name: str) -> Value:
        return {"name": "main", "id": Unknown(STRING, (ANOTHER,), True)}[name]

    def unknown(self) -> Unknown:
        return Unknown(DYNAMIC, (ANOTHER,))


def run(name: str, *arguments: Value) -> Value:
    return call(name, list(arguments), CONTEXT)


def error(name: str, *arguments: Value) -> tuple[str, str]:
    with pytest.raises(EvalError) as raised:
        run(name, *arguments)
    return raised.value.summary, raised.value.detail


def test_too_few_and_too_many_arguments() -> None:
    summary = "Not enough function arguments"
    assert error("upper") == (summary, 'Function "upper" expects 1 argument(s). Missing value for "str".')
    detail = 'Function "join" expects at least 1 argument(s). Missing value for "separator".'
    assert error("join") == (summary, detail)
    assert error("upper", "a", "b") == ("Too many function arguments", 'Function "upper" expects only 1 argument(s).')


def test_a_name_that_is_no_function() -> None:
    summary = "Call to unknown function"
    assert error("lenght", []) == (summary, 'There is no function named "lenght". Did you mean "length"?')
    assert error("frobnicate") == (summary, 'There is no function named "frobnicate".')
    assert error("other::f")[0] == "Unknown provider function"


def test_a_provider_s_function_is_unknown_with_its_reason() -> None:
    result = run("provider::aws::arn_parse", "arn:aws:s3:::b")
    assert isinstance(result, Unknown)
    assert [reason.subject for reason in result.reasons] == ["provider::aws::arn_parse()"]


def test_core_prefix() -> None:
    assert run("core::upper", "a") == "A"


def test_arguments_are_converted() -> None:
    assert run("upper", True) == "TRUE"
    assert run("max", "2", 10) == 10
    detail = 'Invalid value for "list" parameter: element 1: string required.'
    assert error("sort", ("a", ())) == ("Invalid function argument", detail)


def test_null_is_refused_where_it_means_nothing() -> None:
    detail = 'Invalid value for "str" parameter: argument must not be null.'
    assert error("upper", None) == ("Invalid function argument", detail)


def test_an_unknown_argument_makes_the_result_unknown_for_the_same_reasons() -> None:
    result = run("replace", Unknown(STRING, (BECAUSE,)), "a", Unknown(STRING, (ANOTHER,)))
    assert isinstance(result, Unknown)
    assert (result.type, result.reasons, result.not_null) == (STRING, (BECAUSE, ANOTHER), True)


def test_an_unknown_part_counts_where_the_whole_is_read() -> None:
    result = run("join", ",", ("a", Unknown(STRING, (BECAUSE,))))
    assert isinstance(result, Unknown)
    assert result.reasons == (BECAUSE,)
    assert run("length", ("a", Unknown(STRING, (BECAUSE,)))) == 2


def test_the_type_of_an_unknown_result_is_that_of_the_call() -> None:
    assert run("split", ",", Unknown(STRING, (BECAUSE,))).type == ListType(STRING)
    assert run("length", Unknown(DYNAMIC, (BECAUSE,))).type == NUMBER
    assert run("merge", {"a": 1}, Unknown(DYNAMIC, (BECAUSE,))).type is DYNAMIC


def test_what_is_wrong_whatever_the_unknown_will_be_is_said_at_once() -> None:
    assert error("keys", Unknown(STRING, (BECAUSE,)))[0] == "Invalid function argument"
    assert error("regex", "(", Unknown(STRING, (BECAUSE,)))[0] == "Invalid function argument"


def test_marks_pass_from_arguments_to_the_result() -> None:
    result = run("join", ",", ("a", Marked("b")))
    assert isinstance(result, Marked)
    assert (result.value, result.marks) == ("a,b", frozenset({"sensitive"}))


def test_marks_of_elements_stay_with_them_where_elements_are_only_moved() -> None:
    first, second = run("reverse", ("a", Marked("b")))
    assert isinstance(first, Marked)
    assert second == "a"


def test_a_resource_is_an_object_whose_attributes_are_computed_when_asked_for() -> None:
    assert run("keys", Resource()) == ("id", "name")
    assert run("lookup", Resource(), "name") == "main"
    assert isinstance(run("jsonencode", (Resource(),)), Unknown)


def test_strings_are_in_normal_form_c() -> None:
    assert run("join", "", ("e", "\u0301")) == "\xe9"
    assert run("jsondecode", '{"e\u0301": "e\u0301"}') == {"\xe9": "\xe9"}


def test_no_function_is_called_from_a_template_that_it_renders() -> None:
    inside = Context(CONTEXT.directory, CONTEXT.boundary, no_template, {"template": "templatestring"})
    for name, arguments in (("templatefile", ["a", {}]), ("file", ["a"])):
        with pytest.raises(EvalError, match="cannot"):
            call(name, arguments, inside)


def test_a_value_whose_shared_parts_make_it_enormous_is_a_limit() -> None:
    value: Value = ("x",) * 10
    for _ in range(20):
        value = (value,) * 10
    with pytest.raises(LimitExceeded):
        run("jsonencode", value)


def test_try_and_can_belong_to_the_compiler() -> None:
    assert not {"try", "can"} & names()


def test_a_sequence_of_open_length_keeps_what_is_known_of_it() -> None:
    """Blocks of which some come from an unknown `for_each`: the known ones can still be judged."""
    more = Unknown(DYNAMIC, (BECAUSE,))
    blocks = OpenTuple([("a", "b"), Unknown(ListType(STRING), (BECAUSE,))], more)
    for result in (run("flatten", blocks), run("concat", OpenTuple(["a", "b"], more))):
        assert isinstance(result, OpenTuple)
        assert list(result) == ["a", "b"]
        assert isinstance(run("length", result), Unknown)
