"""The written page in headless Chromium with the network cut."""

from __future__ import annotations

import json
import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from msap_mobility.report import write_report
from msap_mobility.report.document import document
from msap_mobility.scenario import Scenario
from tests.report.tiny_story import STORY

pytestmark = pytest.mark.browser

CHROMIUM = (
    os.environ.get("MSAP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
FLAGS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
NO_WEBGL = ("--no-sandbox", "--disable-gpu", "--disable-3d-apis")
DRAWN = "#map-figure[data-state=drawn]"
MAP = "document.getElementById('map-figure').map"


@pytest.fixture(scope="module")
def playwright():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no chromium: install it, or name it in MSAP_CHROMIUM")
    with api.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright):
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("report")


@cache
def written(folder: Path, name: str, lang: str) -> Path:
    """The page of the tiny story or of a bundled scenario."""
    path = folder / f"{name}-{lang}.html"
    if name == "tiny":
        path.write_bytes(document(STORY, lang).encode())
        return path
    scenario = Scenario.load(name)
    plan = scenario.plan_tour(budget="200 it")
    before, after = scenario.without_tour().coverage(), scenario.coverage(plan)
    write_report(path, scenario, plan, before, after, lang=lang)
    return path


class Visit:
    """A page opened without network, and all it asked for or complained about."""

    def __init__(self, browser, path: Path, **options) -> None:
        self.context = browser.new_context(offline=True, **options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.url = path.as_uri()
        self.page.goto(self.url)

    def _hear(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def drawn(self):
        self.page.wait_for_selector(DRAWN, timeout=60_000)
        return self.page

    @property
    def outside(self) -> list[str]:
        """Requests for anything but the page itself and what it holds."""
        return [
            url
            for url in self.requests
            if url != self.url and not url.startswith(("blob:", "data:"))
        ]


@pytest.fixture(scope="module")
def tiny(browser, folder):
    """The tiny page in French, drawn; for tests that only look at it."""
    with Visit(browser, written(folder, "tiny", "fr")) as visit:
        visit.drawn()
        yield visit


def table_calls(page) -> set[tuple[str, str, str, str]]:
    """(circuit, days, badge, place) of every stop in the tables of the rounds."""
    return {
        tuple(row)
        for row in page.evaluate(
            """() => [...document.querySelectorAll(".circuit")].flatMap((circuit) =>
                 [...circuit.querySelectorAll("tbody tr")]
                   .filter((row) => row.querySelector("[data-place]"))
                   .map((row) => [circuit.dataset.circuit, circuit.dataset.days,
                                  row.querySelector("th").textContent,
                                  row.querySelector("[data-place]").textContent]))"""
        )
    }


def map_calls(page) -> set[tuple[str, str, str, str]]:
    """The same, from what the live map has really drawn."""
    stops = page.evaluate(
        f"""() => {MAP}.queryRenderedFeatures({{layers: ["stops"]}}).map((f) => f.properties)"""
    )
    lines = page.evaluate(
        f"""() => {MAP}.getStyle().layers.filter((l) => l.id.match(/^circuit-[A-Z]+$/)).flatMap(
              (l) => {MAP}.queryRenderedFeatures({{layers: [l.id]}}).map((f) => f.properties))"""
    )
    days = {line["circuit"]: " ".join(map(str, json.loads(line["days"]))) for line in lines}
    return {
        (badge.rstrip("0123456789"), days[badge.rstrip("0123456789")], badge, call["name"])
        for stop in stops
        for badge, call in zip(stop["label"].split(), json.loads(stop["calls"]), strict=True)
    }


@pytest.mark.parametrize(("name", "lang"), [("tiny", "fr"), ("tiny", "en"), ("bellencombre", "fr")])
def test_without_network_the_live_map_is_drawn_and_tells_what_the_tables_tell(
    browser, folder, name, lang
):
    with Visit(browser, written(folder, name, lang)) as visit:
        page = visit.drawn()
        assert visit.outside == []
        assert visit.complaints == []
        assert page.evaluate("document.documentElement.lang") == lang
        assert not page.is_visible(".still")
        calls = table_calls(page)
        assert calls
        assert map_calls(page) == calls


def test_the_canvas_is_painted_in_the_colours_of_the_rounds(tiny, folder):
    page = tiny.page
    shot = page.locator("#live-map canvas").screenshot(path=folder / "canvas.png")
    colours = page.evaluate(
        """async (png) => {
             const image = await createImageBitmap(new Blob([new Uint8Array(png)]));
             const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
             pen.drawImage(image, 0, 0);
             const seen = {};
             const data = pen.getImageData(0, 0, image.width, image.height).data;
             for (let i = 0; i < data.length; i += 4) {
               const hex = "#" + [0, 1, 2].map((k) =>
                 data[i + k].toString(16).padStart(2, "0")).join("");
               seen[hex] = (seen[hex] || 0) + 1;
             }
             return seen;
           }""",
        list(shot),
    )
    for layer in page.evaluate(
        f"{MAP}.getStyle().layers.filter((l) => l.id.match(/^circuit-[A-Z]+$/))"
    ):
        assert colours.get(layer["paint"]["line-color"], 0) > 20, layer["id"]


def test_without_scripts_the_still_map_stands(browser, folder):
    with Visit(browser, written(folder, "tiny", "fr"), java_script_enabled=False) as visit:
        assert visit.page.is_visible(".still svg[role=img]")
        assert not visit.page.is_visible(".frame")
        assert not visit.page.is_visible(".key")
        assert visit.outside == []


def test_without_webgl_the_still_map_stands(playwright, folder):
    poor = playwright.chromium.launch(executable_path=CHROMIUM, args=list(NO_WEBGL))
    try:
        with Visit(poor, written(folder, "tiny", "fr")) as visit:
            visit.page.wait_for_timeout(500)
            assert visit.page.is_visible(".still svg[role=img]")
            assert not visit.page.is_visible(".frame")
            assert visit.outside == []
    finally:
        poor.close()


def test_print_shows_the_still_map(tiny):
    tiny.page.emulate_media(media="print")
    try:
        assert tiny.page.is_visible(".still svg[role=img]")
        assert not tiny.page.is_visible(".frame")
    finally:
        tiny.page.emulate_media(media="screen")


def test_the_page_never_scrolls_sideways(browser, folder):
    with Visit(browser, written(folder, "bellencombre", "fr")) as visit:
        for width in (1280, 768, 390, 320):
            visit.page.set_viewport_size({"width": width, "height": 800})
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_keyboard_alone_finds_a_stop_and_hides_a_circuit(browser, folder):
    with Visit(browser, written(folder, "tiny", "fr")) as visit:
        page = visit.drawn()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.locator("button.place").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".maplibregl-popup-content")
        assert "Salle des fêtes d'Ardouval" in page.text_content(".maplibregl-popup-content")
        box = page.locator("input[data-layer='circuit-A']")
        box.focus()
        page.keyboard.press("Space")
        page.wait_for_function(
            f"""() => {MAP}.queryRenderedFeatures({{layers: ["stops"]}}).every(
                  (f) => JSON.parse(f.properties.circuits).some((c) => c !== "A"))"""
        )
        assert visit.complaints == []


def test_a_place_named_like_a_script_runs_nothing(browser, folder):
    with Visit(browser, written(folder, "tiny", "en")) as visit:
        dialogs = []
        visit.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page = visit.drawn()
        page.get_by_role("button", name='<script>alert("x")</script> & Sévis').first.click()
        page.wait_for_selector(".maplibregl-popup-content")
        assert "<script>" in page.text_content(".maplibregl-popup-content")
        assert dialogs == []


def test_the_policy_stops_a_request_the_page_would_make(browser, folder):
    with Visit(browser, written(folder, "tiny", "en")) as visit:
        page = visit.drawn()
        refused = page.evaluate("fetch('https://example.org/').then(() => false, () => true)")
        assert refused
        assert any("Content Security Policy" in complaint for complaint in visit.complaints)
