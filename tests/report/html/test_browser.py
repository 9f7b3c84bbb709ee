"""The audit report in a real browser: what is shown, searched and led to, without an error and without a request.

It needs Chromium (`apt-get install chromium`) and playwright; where there is none the tests are skipped, and say so.

A page takes its time: it filters a moment after the last key, and a browser tells it of a new address or of an opened
element later. So what is expected after such an event is waited for (`expect` of playwright), never looked at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.html import render
from alexandria_scan.scan import Options, scan
from tests.conftest import ROOT
from tests.report import sample
from tests.report.html.test_page import ATTACKS, attacked, waived

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("there is no chromium on this machine")
    playwright.expect.set_options(timeout=30_000)
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a report. In the end nothing may have been said on the console, requested, or asked in a dialogue."""
    said: list[str] = []

    def opened(result: ScanResult, earlier: Any = (), limit: int = 10**9, **options: Any) -> Page:
        file = tmp_path / "report.html"
        file.write_text(render(result, earlier, limit), encoding="utf-8")
        page = browser.new_context(**options).new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: said.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri())
        return page

    yield opened
    assert said == []


@pytest.fixture(scope="module")
def library() -> ScanResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT / "fixtures" / "modules")
        return scan(Options(paths=("alexandria-data-layer-drifted",), posture=True))


def visible(page: Page, selector: str) -> int:
    return page.locator(f"{selector} >> visible=true").count()


def expect_visible(page: Page, selector: str, number: int) -> None:
    expect(page.locator(f"{selector} >> visible=true")).to_have_count(number)


def expect(locator: Locator) -> Any:
    from playwright import sync_api

    return sync_api.expect(locator)


@pytest.mark.parametrize("result", [sample.library(), sample.clean(), sample.hostile(), waived()])
def test_it_opens(show: Open, result: ScanResult) -> None:
    page = show(result)
    assert visible(page, "h1") == 1


def test_a_real_library(show: Open, library: ScanResult) -> None:
    page = show(library)
    failed = page.locator("details.finding").count()
    assert 0 < failed <= library.summary.failed
    page.select_option("[data-for=s]", "critical")
    assert 0 < visible(page, "details.finding") < failed
    assert page.locator("details.finding >> visible=true").evaluate_all(
        "found => found.every((one) => one.dataset.s === 'critical')"
    )
    page.click("button[type=reset]")
    expect_visible(page, "details.finding", failed)
    page.locator("details.module summary").first.click()
    assert visible(page, ".picture svg") == 1


def test_search(show: Open) -> None:
    page = show(waived())
    everything = visible(page, "details.finding")
    page.fill("#search", "INTERNET OPEN")
    expect_visible(page, "details.finding", 1)
    assert "open to 0.0.0.0/0" in page.inner_text("details.finding >> visible=true")
    assert not page.is_visible("#unknown") and not page.is_visible('nav a[href="#unknown"]')
    assert page.inner_text("#shown").startswith("1 of")
    page.fill("#search", "no such text anywhere")
    expect_visible(page, ".item", 0)
    assert page.inner_text("#shown").startswith("0 of")
    page.press("#search", "Escape")
    assert visible(page, "details.finding") == everything


def test_filters_narrow_each_other(show: Open) -> None:
    page = show(waived())
    page.select_option("[data-for=v]", "unknown")
    assert visible(page, "details.finding") == 0 and visible(page, "#unknown li.item") == 3
    page.select_option("[data-for=m]", label=sample.REDIS)
    assert visible(page, "#unknown li.item") == 1
    page.select_option("[data-for=v]", "")
    page.select_option("[data-for=b]", "new")
    assert visible(page, "details.finding") == 1


def test_a_link_opens_what_it_leads_to(show: Open) -> None:
    page = show(waived())
    page.click("#controls details.control summary")
    page.click("#controls .evidence a >> nth=0")
    finding = page.locator("details.finding[open]")
    expect(finding).to_have_count(1)
    assert "storage_encrypted is false" in finding.inner_text()
    expect(finding.locator("summary")).to_be_focused()
    page.fill("#search", "no such text anywhere")
    expect_visible(page, ".item", 0)
    page.evaluate("location.hash = '#' + [...document.querySelectorAll('details.finding')].pop().id")
    expect(page.locator("#search")).to_have_value("")
    expect(page.locator("details.finding").last).to_be_visible()


def test_the_keyboard_is_enough(show: Open) -> None:
    page = show(waived())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.locator(".heat td[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(f"{sample.AURORA}, SEC-1")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").endswith("DOC-2: does not apply")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#c0-0[open]:target")).to_be_visible()


def test_the_evidence_of_what_passes_comes_with_its_control(show: Open, library: ScanResult) -> None:
    page = show(library)
    control = page.locator("details.control", has_text="AMS-COD-02").first
    control.locator("summary").click()
    rows = control.locator(".passed tr")
    (standard,) = library.standards
    key = f"{standard.name}-{standard.version}/AMS-COD-02"
    passed = {
        (one.root, one.location.file, one.location.line, one.address)
        for one in library.results
        if key in one.controls and one.verdict == "pass"
    }
    expect(rows).to_have_count(len({root for root, *_ in passed}))
    assert control.locator(".passed .place").count() == len(passed)
    shown = control.locator(".passed").inner_text()
    for _, file, line, address in passed:
        assert f"{file.removeprefix('alexandria-data-layer-drifted/')}:{line} {address}" in shown


def test_light_and_dark(show: Open) -> None:
    page = show(waived(), color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#theme")
    light = page.evaluate(ground)
    assert light != dark
    page.click("#theme")
    assert page.evaluate(ground) == dark


CONTRAST = """() => {
  const channel = (v) => (v /= 255, v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const colour = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const found = colour(getComputedStyle(one).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const node of document.querySelectorAll("body *")) {
    const text = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!text || !node.checkVisibility() || node.closest("svg, option")) continue;
    const [a, b] = [light(colour(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.add(`${node.tagName}.${node.className} ${node.textContent.slice(0, 30)}`);
  }
  return [...faint];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(show: Open, library: ScanResult, scheme: str) -> None:
    """At least 4.5 to 1, as WCAG 2.2 (1.4.3, level AA) wants it of text."""
    for result in (waived(), library):
        page = show(result, color_scheme=scheme)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for control in page.locator("details.control .passed").all():
            expect(control).not_to_be_empty()
        assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_the_page_is_no_wider_than_the_window(show: Open, library: ScanResult, width: int) -> None:
    page = show(library, viewport={"width": width, "height": 844})
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_what_was_found_is_there(show: Open) -> None:
    page = show(waived(), java_script_enabled=False)
    assert visible(page, "details.finding") == 12
    assert not page.is_visible(".toolbar")
    page.locator("details.finding", has_text="storage_encrypted is false").locator("summary").click()
    assert page.is_visible("text=storage_encrypted       = var.storage_encrypted")


def test_on_paper_everything_found_is_open(show: Open) -> None:
    page = show(waived())
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert not page.is_visible("nav") and not page.is_visible(".toolbar")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.finding[open]").count() == 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_from_a_file_runs(show: Open, attack: str) -> None:
    page = show(attacked(attack), [(attack, attacked(attack))])
    for one in page.locator("details").all():
        one.evaluate("one => one.open = true")
    assert page.locator("script").count() == 2
    assert page.locator("img, [onload], [onerror], [onmouseover]").count() == 0


def test_a_large_library_opens_and_filters(show: Open) -> None:
    page = show(sample.large(300))
    assert page.locator("details.finding").count() == 1600
    page.fill("#search", "service-100")
    expect_visible(page, "details.finding", 8)


def test_a_trend(show: Open) -> None:
    page = show(replace(waived(), as_of="2026-03-01"), [("before", sample.library())])
    assert page.locator("#trend polyline").count() == 2
