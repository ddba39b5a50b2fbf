"""Loaded by pytest before any other plugin: what takes long to warm up begins here.

nbval imports nbformat, so ``support.light`` has to come first; in a run that is all notebooks in one process, the
process that kernels are forked from warms up while pytest itself still starts. The hooks are here and not in
conftest.py so that they also hold for a run of one notebook alone.
"""

import gc
import os
import re
import signal
import sys
from collections import defaultdict
from collections.abc import Sequence
from itertools import compress
from zlib import crc32

import pytest

from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import UNATTENDED
from crmlib.notebooks import fork_server
from crmlib.support import light  # noqa: F401
from crmlib.support.mime import PLOTLY_MIME

WHOLE = "CRM_TEST_WHOLE"
LANGUAGE = re.compile(r"(?<=[\[-])(zh|en)(?=[\]-])")
LONG = (
    "test_quality",
    "test_skeleton",
    "test_rerun",
    "test_assignment",
    "test_samples",
    "test_chapters",
    "test_site",
    "test_every_exercise",
    "test_every_explorer",
    "test_assemble",
    "test_browser_room",
    "test_browser_report",
    "test_browser_site",
    "test_hub",
    "test_browser_practice",
    "test_browser_sight_zh",
    "test_browser_sight_en",
    "test_browser",
    "test_browser_site_learning",
    "test_browser_screens",
    "test_browser_moving",
)
"""Files whose tests take long together; they come first, so that at the end neither processor waits for the other.

Those with tests in a browser come after all others even so: the loop of events that drives it runs on from then on.
"""
os.environ.update(UNATTENDED)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # tests that run in the background press Ctrl-C all the same
    signal.signal(signal.SIGINT, signal.default_int_handler)
gc.set_threshold(100_000, 20, 20)
if "-n0" in sys.argv and any(argument.endswith(".ipynb") for argument in sys.argv):
    fork_server.install()


def pytest_configure(config: pytest.Config) -> None:
    """Fork the kernels of notebooks from a warmed process, which warms up while the tests are being collected.

    Where all tests are notebooks the plugin of hypothesis goes: it has nothing to do, and to say so at the end it would
    import hypothesis for a second.
    """
    os.environ[WHOLE] = "yes" * bool(config.option.whole)
    plugins = config.pluginmanager
    if all(argument.endswith(".ipynb") for argument in config.args) and plugins.has_plugin("hypothesispytest"):
        plugins.unregister(name="hypothesispytest")
    collects_here = not config.getoption("numprocesses", None) or hasattr(config, "workerinput")
    if collects_here and any("notebooks" in argument for argument in config.args):
        fork_server.install()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Have a run ask every case of the tests that are shared out."""
    parser.addoption("--whole", action="store_true", help="ask every case of a test that is shared out, not every nth")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Compare figures through the table beside each, not through their JSON, whose floats differ between machines.

    Of a test that is shared out take every nth case, each test beginning with another one, so that every chapter and
    language is asked something. Who names a test or gives a word for it gets all of its cases.
    """
    for item in items:
        if hasattr(item.parent, "skip_compare"):
            item.parent.skip_compare = (*item.parent.skip_compare, PLOTLY_MIME)
    browsed = {item.path for item in items if item.get_closest_marker("browser")}
    last = len(LONG)
    items.sort(key=lambda one: (one.path in browsed, LONG.index(one.path.stem) if one.path.stem in LONG else last))
    if not asks_all(config):
        asked = in_turn(items)
        config.hook.pytest_deselected(items=[item for item, now in zip(items, asked, strict=True) if not now])
        items[:] = compress(items, asked)


def pytest_collection_finish() -> None:
    _set_apart()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    if nextitem is None or nextitem.path != item.path:
        _set_apart()


def _set_apart() -> None:
    """Drop what is garbage, and have what is not be looked through no more.

    At the end of a run three million objects are there, most of them widgets, which ipywidgets keeps for good: to look
    for garbage in all of them, again and again, took a fifth of the run.
    """
    gc.collect()
    gc.freeze()


def taken(push: int, whole: int) -> int:
    """Return how many of something a test takes: ``whole`` in a run that asks everything, fewer in a push."""
    return whole if os.environ.get(WHOLE) else push


def asks_all(config: pytest.Config) -> bool:
    """Say whether every case is asked of the tests that are otherwise asked in turn."""
    return bool(config.option.whole or config.option.keyword or any("::" in argument for argument in config.args))


def in_turn(items: Sequence[pytest.Item]) -> list[bool]:
    """Say of each test whether it is its turn: of one that is shared out among n, every nth case has it.

    In the other language it is that of the case after, so that of two each is asked in one of the languages. Of what
    is there in both languages and in no other way one language has it; of each test something is asked. Of one that
    names a language the cases in that one have it (``one_language``), of one that takes long none (``whole``).
    """
    tests = [item.nodeid.partition("[")[0] for item in items]
    names = [LANGUAGE.sub("", item.nodeid) for item in items]
    cases: dict[str, dict[str, int]] = defaultdict(dict)
    for test, name in zip(tests, names, strict=True):
        cases[test].setdefault(name, len(cases[test]))
    open_to = [_spoken_now(item) and not item.get_closest_marker("whole") for item in items]
    asked = [
        now and (cases[test][name] + _first(item, test)) % _share(item, len(cases[test])) == 0
        for item, test, name, now in zip(items, tests, names, open_to, strict=True)
    ]
    served = {test for test, now in zip(tests, asked, strict=True) if now}
    for place, test in enumerate(tests):
        if open_to[place] and test not in served:
            asked[place] = True
            served.add(test)
    return asked


def _share(item: pytest.Item, cases: int) -> int:
    """Return among how many cases a turn goes round: among the languages, where a test has no other cases."""
    shared = item.get_closest_marker("shared")
    return min(shared.args[0], cases if cases > 1 else len(LANGUAGES)) if shared else 1


def _first(item: pytest.Item, test: str) -> int:
    """Return where the row of a test begins, another place for each test and each language."""
    spoken = LANGUAGE.search(item.nodeid)
    return crc32(test.encode()) + (LANGUAGES.index(spoken[0]) if spoken else 0)


def _spoken_now(item: pytest.Item) -> bool:
    """Say whether a test is in the language that its file is asked in; one that is in none always is."""
    now = item.get_closest_marker("one_language")
    params = item.callspec.params.values() if hasattr(item, "callspec") else ()
    languages = [value for value in params if isinstance(value, str) and value in LANGUAGES]
    return not now or not languages or now.args[0] in languages
