"""A template of JSON with parts that are not known says what is sure, and nothing where its own signs could mislead."""

import pytest

from alexandria_scan.evaluate.json_template import said
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Unknown

ARN = Unknown(STRING, unquoted=True)


def test_an_unknown_part_stands_where_the_template_has_it() -> None:
    found = said(['{"Resource": "', ARN, '/*", "Effect": "Allow"}'])
    assert isinstance(found, dict) and found["Effect"] == "Allow"
    assert isinstance(found["Resource"], Unknown) and found["Resource"].suffix == "/*"


@pytest.mark.parametrize("sign", ["\\ue000x", "\\uE000", "\\ue0000\\ue001", "\\uE001", "\ue000x"])
@pytest.mark.parametrize("place", ['{{"Sid": "{}", "Resource": "', '{{"{}": "x", "Resource": "'])
def test_nothing_is_said_of_a_text_that_holds_the_signs_for_unknown_parts(sign: str, place: str) -> None:
    assert said([place.format(sign), ARN, '"}']) is None
