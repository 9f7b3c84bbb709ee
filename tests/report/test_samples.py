"""The samples in reports/samples are what the formats say today."""

from __future__ import annotations

import html
import re

import pytest

from alexandria_scan.report import FORMATS
from tests.report.make_samples import FILES, PICTURE, PICTURE_LINES, SAMPLES, made


@pytest.fixture(scope="module")
def samples() -> dict[str, bytes]:
    return made()


@pytest.mark.parametrize("file", FILES.values())
def test_a_sample_is_fresh(file: str, samples: dict[str, bytes]) -> None:
    assert (SAMPLES / file).read_bytes() == samples[file], "make samples writes it anew"


def test_there_is_no_other_sample(samples: dict[str, bytes]) -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(samples)
    assert FILES.keys() <= FORMATS.keys()


def test_the_picture_shows_the_report_and_asks_no_network(samples: dict[str, bytes]) -> None:
    """Its text only: how rich draws it depends on rich."""
    svg = (SAMPLES / PICTURE).read_text(encoding="utf-8")
    assert "@font-face" not in svg and "url(http" not in svg
    shown = "".join(html.unescape(text) for text in re.findall(r"<text class=\"report-r\d+\"[^>]*>([^<]*)<", svg))
    report = samples["report.txt"].decode().splitlines()[:PICTURE_LINES]
    assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", "".join(report)), "make samples writes it anew"


def test_samples_say_nothing_of_the_machine_that_made_them(samples: dict[str, bytes]) -> None:
    for file, data in samples.items():
        text = data.decode()
        assert "/tmp/" not in text and str(SAMPLES.parents[1]) not in text, file
        assert "modules/alex" in text.replace("&#160;", " "), file
