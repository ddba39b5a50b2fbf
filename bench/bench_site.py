"""What a reader of the site waits for on a telephone: 4 times slower than this machine, 1.6 Mbit/s, 150 ms a question.

Pages are sent gzipped, as web servers do. Measured of the first explorer of a chapter: what was transferred until it
can be moved, when that is, a move made at once, and those that follow.

    python bench/bench_site.py               builds the chapter on satisfaction first, which takes minutes
    python bench/bench_site.py FOLDER        takes a site that ``crm site`` wrote
"""

import gzip
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from measure import ROOT, report

from crmlib.explorer.base import folded_away
from crmlib.explorer.states import Moves, settings, stops
from crmlib.site import build, states

sys.path.insert(0, str(ROOT / "tests"))

TOPIC, KEYS = "satisfaction", 8
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
SLOWER = 4
PHONE = {"width": 390, "height": 844}
SCROLL = """() => new Promise(done => {
    const look = () => {
        const place = document.querySelector("[data-study]");
        if (place && !place.dataset.seen) {
            place.dataset.seen = "yes";
            place.scrollIntoView({ behavior: "instant" });
        }
        if (place?.querySelector("input[type=range]")) done(performance.now());
        else setTimeout(look, 20);
    };
    look();
})"""
DRAWN = """() => new Promise(done => {
    const look = () => {
        if (!document.querySelector("[data-study] .main-svg .cartesianlayer")) setTimeout(look, 20);
        else requestAnimationFrame(() => done(performance.now()));
    };
    look();
})"""
MOVE = """async ([keys, rest, id, stop]) => {
    const taken = [];
    const place = document.querySelector("[data-study]");
    const slider = document.getElementById(id);
    if (slider.closest("details")) slider.closest("details").open = true;
    const back = Number((slider.dataset.back ??= slider.value));
    for (let n = 0; n < keys; n++) {
        const began = performance.now();
        const seen = new Promise(done => {
            const eye = new MutationObserver(() => { eye.disconnect(); done(); });
            eye.observe(place.querySelector(".crm-facts"), { subtree: true, childList: true, characterData: true });
        });
        slider.value = Number(slider.value) === stop ? back : stop;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await seen;
        const said = performance.now() - began;
        const board = place.querySelector(".crm-board");
        while ("drawing" in board.dataset) await new Promise(requestAnimationFrame);
        taken.push([said, performance.now() - began]);
        await new Promise(done => setTimeout(done, rest));
    }
    return taken;
}"""

WATCH = """id => {
    globalThis.painted = [];
    const noted = list => painted.push(...list.getEntries().filter(entry => entry.name === "keydown"));
    new PerformanceObserver(noted).observe({ type: "event", durationThreshold: 16 });
    document.getElementById(id).focus({ preventScroll: true });
    return document.activeElement.id;
}"""
BACK = {"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}


class Gzipped(SimpleHTTPRequestHandler):
    """Sends files gzipped and says nothing."""

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        content = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_told: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Gzipped, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def move(study: str) -> tuple[str, int, str]:
    """Return a slider of the explorer, a stop beside its own at which a headline figure differs, and the key to it."""
    one = states.explorer(study)
    shown, values = Moves(one), states.bases(one)["base"][1]
    first = shown.state(values)[1]
    folded = {s.name for s in folded_away(one.study, settings(one))}
    for s in sorted(settings(one), key=lambda s: s.name in folded):
        if s.choices or s.kind is bool:
            continue
        found = stops(s)
        here = found.index(values[s.name])
        for stop, key in (here + 1, "ArrowRight"), (here - 1, "ArrowLeft"):
            if 0 <= stop < len(found) and shown.state({**values, s.name: found[stop]})[1] not in (0, first):
                return f"{study}-{s.name}", stop, key
    raise AssertionError(f"{study}: no slider changes a headline figure in one step")


@dataclass(frozen=True)
class Waited:
    """What a reader waited for.

    Attributes:
        weight: bytes until all was seen.
        ready, drawn: seconds until the slider was there, and the first picture.
        first: milliseconds until the headline figures answered the first move.
        painted: milliseconds from a key that moves the slider to the next paint, as browsers measure it (the median).
        pictures: milliseconds until all pictures have followed a move (the median).
    """

    weight: float
    ready: float
    drawn: float
    first: float
    painted: float
    pictures: float


def measured(chromium: Any, address: str, study: str, slider: tuple[str, int, str], early: bool) -> Waited:
    """Open a page and move its first explorer.

    Args:
        slider: its id, the stop it is moved to and back from, and the key for it.
        early: the first move is made as soon as the slider is there, not when the picture is.
    """
    with chromium.new_context(viewport=PHONE, service_workers="block") as window:
        window.add_init_script(f"localStorage.setItem('crm.predict.{study}.skipped', true)")
        page = window.new_page()
        line = window.new_cdp_session(page)
        weights: list[float] = []
        line.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", NETWORK)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(address, wait_until="commit")
        ready = page.evaluate(SCROLL) / 1000
        control, stop, key = slider
        moved = page.evaluate(MOVE, [1, 0, control, stop]) if early else []
        drawn = page.evaluate(DRAWN) / 1000
        weight = sum(weights)
        (first, _picture), *others = [*moved, *page.evaluate(MOVE, [KEYS, 900, control, stop])]
        pictures = statistics.median(times[1] for times in others)
        assert page.evaluate(WATCH, control) == control
        away = page.evaluate("id => Number(document.getElementById(id).value)", control) != stop
        for n in range(KEYS):
            page.keyboard.press(key if away == (n % 2 == 0) else BACK[key])
            page.wait_for_timeout(1500)
        painted = page.evaluate("painted.map(entry => entry.duration)")
        assert painted, "the browser measured no key"
        painted += [16] * (KEYS - len(painted))  # it tells of none that took less
        return Waited(weight, ready, drawn, first, statistics.median(painted), pictures)


def chapters(site: Path) -> Iterator[tuple[str, str]]:
    """Yield the pages of a site that have an explorer that moves, and the first study of each."""
    for path in sorted((site / "zh").glob("[0-9][0-9]_*.html")):
        _before, found, after = path.read_text("utf-8").partition('data-study="')
        if found:
            yield path.relative_to(site).as_posix(), after.partition('"')[0]


def main() -> None:
    """Measure and print."""
    from browser import CHROMIUM, FLAGS
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="crm-") as made, sync_playwright() as playwright:
        site = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(made) / "site"
        if len(sys.argv) == 1:
            build.write(site, [TOPIC])
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(site) as address:
            for page, study in chapters(site):
                slider = move(study)
                late, early = (measured(chromium, f"{address}/{page}", study, slider, early) for early in (False, True))
                report(f"{page}: transferred until it moves", late.weight / 1e6, 1.5, "MB", 1)
                report(f"{page}: slider there after", early.ready, 3, "s", 1)
                at_once = early.ready + early.first / 1000
                report(f"{page}: a move made at once is answered after", at_once, 3, "s", 1)
                report(f"{page}: a key is answered after", late.painted, 100, "ms", 1)
                report(f"{page}: picture there after", late.drawn, 3, "s", 1)
                print(f"{page}: all pictures follow a later move after {late.pictures:,.0f} ms")
        chromium.close()


if __name__ == "__main__":
    main()
