"""The lowest version that a constraint allows."""

import pytest

from alexandria_scan.graph.constraints import lowest


@pytest.mark.parametrize(
    ("constraint", "version"),
    [
        (">= 5.0.0", "5.0.0"),
        ("~> 5.1", "5.1.0"),
        ("< 7.0, >= 5.10", "5.10.0"),
        (">= 5.2, >= 5.10.1, != 5.11.0", "5.10.1"),
        ("5", "5.0.0"),
        ("= v1.2.3-beta1", "1.2.3"),
        ("> 4.67", "4.67.0"),
        ("< 6.0", None),
        ("!= 4.0.0", None),
        ("", None),
        (None, None),
        ("latest", None),
        (">= 5.0, whatever", None),
    ],
)
def test_lowest(constraint: str | None, version: str | None) -> None:
    assert lowest(constraint) == version
