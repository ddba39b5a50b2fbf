"""A reader of GIFT: gift-pegjs from npm, fetched once and held to its hash, and how Moodle grades what it finds."""

import atexit
import json
import shutil
import subprocess
import tempfile
from functools import cache, partial
from pathlib import Path
from typing import Any

import npm

from readers import rich
from readers.found import Found
from readers.rich import Blocks

PACKAGE, VERSION = "gift-pegjs", "1.0.2"
SHA512 = "S/A2wBDdia2QWKpB5FtASx1gguep1wg5If5glDWJgUMiABICJT7ogArGfsdgozevhBdbdOiHhrykJP86hbgvRw=="
SCRIPT = """
const { parse } = require(process.argv[1]);
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(given.map(text => parse(text))));
"""


@cache
def parser() -> Path:
    """Return the parser's file."""
    content = npm.file_of(PACKAGE, VERSION, SHA512, "pegjs-gift.js", "node")
    own_copy = Path(tempfile.mkdtemp(prefix="crm-gift-"))
    atexit.register(shutil.rmtree, own_copy, ignore_errors=True)
    script = own_copy / "parser.js"
    script.write_bytes(content)
    return script


def parsed(*contents: bytes) -> list[list[dict[str, Any]]]:
    """Return what the parser makes of files."""
    given = json.dumps([content.decode() for content in contents])
    command = ["node", "-e", SCRIPT, str(parser())]
    done = subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def read(content: bytes) -> list[Found]:
    """Return the questions of a file."""
    return [_question(one) for one in parsed(content)[0] if one["type"] != "Category"]


def categories(content: bytes) -> dict[str, str]:
    """Return the category of each question by its id."""
    name, found = "", {}
    for one in parsed(content)[0]:
        if one["type"] == "Category":
            name = one["title"]
        else:
            found[one["id"]] = name
    return found


def _html(text: dict[str, str] | None) -> Blocks:
    if text is None:
        return []
    assert text["format"] == "html"
    return rich.html(text["text"])


def _question(one: dict[str, Any]) -> Found:
    assert one["title"] == one["id"]
    assert not one["hasEmbeddedAnswers"]
    kind = one["type"]
    found = Found(
        id=one["id"],
        kind=kind,
        asked=_html(one["stem"]),
        grade=partial(GRADES[kind], one),
        general=_html(one["globalFeedback"]),
        tags=tuple(one["tags"]),
    )
    if kind == "MC":
        found.names = [choice["text"]["text"] for choice in one["choices"]]
        found.options = [_html(choice["text"]) for choice in one["choices"]]
        [found.key] = [choice["text"]["text"] for choice in one["choices"] if choice["isCorrect"]]
    if kind == "TF":
        found.names, found.key = ["true", "false"], "true" if one["isTrue"] else "false"
    if kind == "Numerical":
        first, *others = one["choices"]
        assert first["weight"] is None
        assert all(choice["isCorrect"] and choice["weight"] == 0 for choice in others)
        found.key, found.within = str(first["text"]["number"]), first["text"]["range"]
        found.distractors = [choice["text"]["number"] for choice in others]
    return found


def _grade_choice(one: dict[str, Any], given: str) -> tuple[float, list[Blocks]]:
    [chosen] = [choice for choice in one["choices"] if choice["text"]["text"] == given]
    return float(chosen["isCorrect"]), [_html(chosen["feedback"])]


def _grade_truth(one: dict[str, Any], given: str) -> tuple[float, list[Blocks]]:
    """The first feedback is to the wrong answer and the second to the right one, whatever the parser calls them."""
    right = (given == "true") == one["isTrue"]
    return float(right), [_html(one["falseFeedback"] if right else one["trueFeedback"])]


def _grade_number(one: dict[str, Any], given: str) -> tuple[float, list[Blocks]]:
    for choice in one["choices"]:
        if abs(float(given) - choice["text"]["number"]) <= choice["text"]["range"]:
            return (1.0 if choice["weight"] is None else choice["weight"] / 100), [_html(choice["feedback"])]
    return 0.0, []


def _grade_words(_one: dict[str, Any], _given: str) -> tuple[float, list[Blocks]]:
    raise AssertionError("a person grades this")


GRADES = {"MC": _grade_choice, "TF": _grade_truth, "Numerical": _grade_number, "Essay": _grade_words}
