"""plotly.js cut down: kept once it was cut, carried by pages that draw nothing else, told where it cannot be had."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Crm

from crmlib.chapters.studies import STUDIES
from crmlib.cli import rerun as command
from crmlib.cli.rerun import _cut_plotly
from crmlib.core.errors import UserError
from crmlib.core.paths import NOTEBOOKS
from crmlib.plotting import partial
from crmlib.plotting.library import plotly_js
from crmlib.reruns import page
from crmlib.site import states
from crmlib.support.mime import PLOTLY_MIME
from crmlib.support.webpage import BESIDE, LIVE

REFUSED = "npm error network request to https://registry.npmjs.org/esbuild failed, reason: ENOTFOUND"
OFFLINE = f"""npm warn deprecated inflight@1.0.6: This module is not supported.
npm error code ENOTFOUND
npm error syscall getaddrinfo
npm error errno ENOTFOUND
{REFUSED}
npm error network This is a problem related to network connectivity.
npm error
npm error A complete log of this run can be found in: debug-0.log
"""
"""What npm says where there is no network."""


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An environment in which nothing was cut yet."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    page._packed.cache_clear()
    yield tmp_path
    page._packed.cache_clear()


def drawn(kind: str) -> str:
    return page.figure({"data": [{"type": kind}], "layout": {}}, "f", "Title </figure>", "alt")


def test_every_chart_of_the_book_is_of_the_kinds_that_are_kept() -> None:
    found = set()
    for path in NOTEBOOKS.glob("*/*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                traces = output.get("data", {}).get(PLOTLY_MIME, {}).get("data", ())
                found |= {trace["type"] for trace in traces}
    for study in STUDIES:
        found |= {trace["type"] for figure in states.explorer(study).board.figures for trace in figure["data"]}
    assert found == partial.KINDS


def test_what_plotly_says_of_its_attributes_goes_and_nothing_else() -> None:
    said = rb"""a={description:"Sets the \"width\".",dflt:1},b={x:1,description:["One,","it's two."].join(" ")};"""
    kept = rb"""c=d?e.description:"x";f({description:["Sets the",g].join(" ")});h={shortdescription:"y"}"""
    left = b"""a={description:"",dflt:1},b={x:1,description:""};"""
    assert partial.PROSE.sub(partial.NOTHING, said + kept) == left + kept


def test_what_was_cut_is_kept_and_not_cut_again(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(partial, "npm", lambda: "npm")
    monkeypatch.setattr(partial, "_made", lambda kinds, _npm: asked.append(set(kinds)) or b"cut")
    assert partial.kept() is None
    assert partial.cut() == partial.cut() == partial.kept() == b"cut"
    assert asked == [set(partial.KINDS)]
    assert partial.cut({"bar", "pie"}) == b"cut" and len(asked) == 2
    assert len([path for path in environment.rglob("*") if path.is_file()]) == 2


def test_an_environment_that_cannot_be_written_to_still_cuts(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (environment / "share").write_text("in the way")
    monkeypatch.setattr(partial, "npm", lambda: "npm")
    monkeypatch.setattr(partial, "_made", lambda *_asked: b"cut")
    assert partial.cut() == b"cut" and partial.kept() is None


def test_pages_carry_what_was_cut_unless_they_draw_something_else(environment: Path) -> None:
    whole = page.document("T", "en", drawn("bar"), "")
    assert partial.packed(plotly_js()) in whole
    page._packed.cache_clear()
    place = partial._place(partial.KINDS)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"cut")
    for kind in sorted(partial.KINDS):
        assert f'id="plotly">{partial.packed("cut")}</script>' in page.document("T", "en", drawn(kind), "")
    assert partial.packed(plotly_js()) in page.document("T", "en", drawn("bar") + drawn("sunburst"), "")


def test_pages_that_share_plotly_name_where_it_lies(environment: Path) -> None:
    shared = page.document("T", "en", drawn("bar"), "", library="../static/plotly.js")
    assert '<script src="../static/plotly.js"></script>' in shared and 'id="plotly"' not in shared
    assert BESIDE in shared and LIVE not in shared and len(shared) < 50_000


def test_a_failure_of_npm_is_one_sentence(environment: Path, monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    npm = environment / "npm"
    npm.write_text("#!/bin/sh\necho npm error network >&2\nexit 1\n")
    npm.chmod(0o700)
    monkeypatch.setattr(partial, "npm", lambda: str(npm))
    with pytest.raises(UserError, match=r"plotly\.js could not be cut \(npm error network\)\."):
        partial.cut()
    npm.write_text(f"#!/bin/sh\ncat >&2 <<'.'\n{OFFLINE}.\nexit 1\n")
    with pytest.raises(UserError, match=rf"^plotly\.js could not be cut \({re.escape(REFUSED)}\)\.$"):
        partial.cut()
    npm.write_text("#!/bin/sh\nsleep 5\n")
    monkeypatch.setattr(partial, "LONGEST", 0.1)
    with pytest.raises(UserError, match=r"plotly\.js could not be cut \(it took too long\)\."):
        partial.cut()
    npm.chmod(0o600)
    with pytest.raises(UserError, match="plotly.js could not be cut"):
        partial.cut()
    assert partial.kept() is None


@pytest.mark.shared(2)
def test_a_rerun_says_why_its_pages_are_whole(
    environment: Path, crm: Crm, lang: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(environment))
    monkeypatch.setattr(command, "_cut_plotly", _cut_plotly)
    rerun = ["rerun", "bank_tiers", "--lang", lang, "--out", tmp_path / "out"]
    code, _out, said = crm(*rerun, "--to", "html")
    assert code == 0 and "npm" in said and "0.6 MB" in said and said.count("\n") == 1
    assert crm(*rerun, "--to", "html", "--no-npm")[2] == "" == crm(*rerun, "--to", "csv")[2]


def test_a_rerun_has_npm_fetch_the_smaller_one_once(
    environment: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "_cut_plotly", _cut_plotly)
    monkeypatch.setattr(partial, "npm", lambda: "npm")
    monkeypatch.setattr(partial, "_made", lambda *_asked: b"cut")
    rerun = ["rerun", "bank_tiers", "--lang", "en", "--out", tmp_path / "out", "--to", "html,slides"]
    code, out, said = crm(*rerun)
    assert code == 0 and re.fullmatch(r"npm fetches a smaller plotly\.js .*\n", said)
    for path in map(Path, out.splitlines()):
        assert partial.packed("cut") in path.read_text("utf-8") and path.stat().st_size < 1_500_000
    assert crm(*rerun)[2] == ""


def test_npm_is_not_asked_where_nothing_is_left_to_do(
    environment: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(command, "_cut_plotly", lambda: asked.append(True))
    rerun = ["rerun", "bank_tiers", "--lang", "en", "--out", tmp_path / "out", "--to", "html", "--resume"]
    assert crm(*rerun)[0] == 0 and asked == [True]
    assert crm(*rerun)[0] == 0 and asked == [True]
