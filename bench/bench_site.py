"""What a reader of the site waits for on a telephone: 4 times slower than this machine, 1.6 Mbit/s, 150 ms a question.

Pages are sent gzipped, as web servers do. Measured of the first explorer of a chapter: what was transferred until it
can be moved, when that is, the first move, which brings its states, and those that follow.

    python bench/bench_site.py               builds the chapter on satisfaction first, which takes minutes
    python bench/bench_site.py FOLDER        takes a site that ``crm site`` wrote
"""

import gzip
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from measure import ROOT, report

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
MOVE = """async ([keys, rest]) => {
    const taken = [];
    const place = document.querySelector("[data-study]");
    const slider = place.querySelector("input[type=range]");
    const away = Number(slider.value) < Number(slider.max) ? 1 : -1;
    for (let n = 0; n < keys; n++) {
        const began = performance.now();
        const seen = new Promise(done => {
            const eye = new MutationObserver(() => { eye.disconnect(); done(); });
            eye.observe(place.querySelector(".crm-facts"), { subtree: true, childList: true, characterData: true });
        });
        slider.value = Number(slider.value) + (n % 2 ? -away : away);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await seen;
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        taken.push(performance.now() - began);
        await new Promise(done => setTimeout(done, rest));
    }
    return taken;
}"""


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


def measured(chromium: Any, address: str, study: str, early: bool) -> tuple[float, float, float, float, float]:
    """Return bytes until all is seen, seconds until slider and picture are there, ms of the first move and of others.

    Args:
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
        first = page.evaluate(MOVE, [1, 0]) if early else []
        drawn = page.evaluate(DRAWN) / 1000
        weight = sum(weights)
        first, *others = [*first, *page.evaluate(MOVE, [KEYS, 900])]
        return weight, ready, drawn, first, statistics.median(others)


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

    from crmlib.site import build

    with tempfile.TemporaryDirectory(prefix="crm-") as made, sync_playwright() as playwright:
        site = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(made) / "site"
        if len(sys.argv) == 1:
            build.write(site, [TOPIC])
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(site) as address:
            for page, study in chapters(site):
                weight, ready, drawn, first, others = measured(chromium, f"{address}/{page}", study, early=False)
                report(f"{page}: transferred until it moves", weight / 1e6, 1.5, "MB", 1)
                report(f"{page}: picture and slider there after", drawn, 3, "s", 1)
                report(f"{page}: a move, the states being there", others, 100, "ms", 1)
                print(f"{page}: the first move, which brings them: {first:,.0f} ms")
                _weight, ready, drawn, first, _others = measured(chromium, f"{address}/{page}", study, early=True)
                report(f"{page}: slider there after", ready, 3, "s", 1)
                report(f"{page}: a move made at once is answered after", ready + first / 1000, 3, "s", 1)
                print(f"{page}: its picture is drawn after {drawn:.1f} s")
        chromium.close()


if __name__ == "__main__":
    main()
