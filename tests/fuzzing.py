"""Senseless inputs for ``crm``, from a seed: command lines, items, class lists, blueprints, manifests, scenarios.

A file is one that works with a few things changed, so that each check is reached and not the first one alone.
"""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from test_items import MCQ, NUM, SHORT, TF, topic

from crmlib.core.paths import CASEBOOK
from crmlib.exams import papers
from crmlib.exams.blueprint import blueprint
from crmlib.exams.manifest import as_json
from crmlib.items.bank import bank

ODD: tuple[Any, ...] = (
    "", " ", "x", "-1", "0", "1e999", "nan", "../x", "/", "a/b", "a\\b", "名" * 120, "\u200b", "\x00", "\x07", "a\nb",
    "%s", "{x}", "{{ x }}", "{% if %}", r"\( \frac{ \)", r"\( \bf x \)", "**", "<b>", "=1+1", "&", "!!python/object:x",
    "*a", "2024-02-30", "yes", "１２", "—", None, True, 0, -1, 10**30, 0.1, float("nan"), float("inf"), [], {}, [[]],
    {"a": {}},
)  # fmt: skip
WORDS = (
    "make", "check", "tiers", "bank_tiers", "all", "base", "--lang", "zh", "fr", "--seed", "-1", "x", "--bank", ".",
    "--from", "m.json", "--out", "o", "--to", "html", "pdf,", ",", "--forms", "99", "--copies", "2", "--roster",
    "r.csv",
    "--map", "auto", "a=b", "=", "--scenario", "--set", "lgd=2", "lgd", "--grid", "lgd=1:0:1", "lgd=0:1:0", "--random",
    "0", "--", "--help", "-h", "--as", "bank_loans", "--data", "--yes", "--replace", "--only-own", "--topic", "--seeds",
    "--blueprint", "名" * 120, "", "\u200b", "--nothing", "--csv", "@x", "%", "--jobs", "--timeout", "nan", "--columns",
)  # fmt: skip
COMMANDS = (
    ["exam", "make"], ["exam", "check", "--seeds", "1"], ["class", "distributors"], ["sweep", "discounts"],
    ["data", "check"], ["data", "template"], ["data", "list"], ["cases"], ["exam"], ["assignment"], ["case", "new"],
    ["build", "--check", "nothing"], ["chapter", "check", "nothing"], ["rerun", "nothing"],
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One input: the words after ``crm``, and the folder that its files are in."""

    arguments: tuple[str, ...]
    folder: Path


def cases(kind: str, seed: int, count: int, folder: Path) -> Iterator[Case]:
    """Yield so many inputs of a kind; each has a folder of its own, made when it is its turn."""
    for number in range(count):
        random = Random(f"{kind}:{seed}:{number}")
        here = folder / f"{kind}{number}"
        here.mkdir()
        yield Case((*map(str, KINDS[kind](random, here)), "--lang", random.choice(["zh", "en"])), here)


def left_behind(folder: Path) -> list[Path]:
    """Return what a run leaves that was not brought to its end: hidden files, empty files, folders without files."""
    return [
        path
        for path in folder.rglob("*")
        if path.name.startswith((".new-", "."))
        or (path.is_dir() and path.name in ("students", "instructor") and not any(path.iterdir()))
    ]


def spoilt(content: Any, random: Random, times: int) -> Any:
    """Return a copy of nested content in which a few things are another, gone, doubled or added."""
    changed = copy.deepcopy(content)
    for _time in range(times):
        place = _places(changed)
        owner, key = random.choice(place)
        way = random.randrange(8)
        if way == 0:
            del owner[key]
        elif way == 1 and isinstance(owner, list):
            owner.insert(key, copy.deepcopy(owner[key]))
        elif way == 2 and isinstance(owner, dict):
            owner[random.choice(["more", "use", "id", "key", ""])] = random.choice(ODD)
        else:
            owner[key] = random.choice(_alike(owner[key]) if way > 3 else ODD)
        if not _places(changed):
            break
    return changed


def _alike(value: Any) -> tuple[Any, ...]:
    """Return odd things of the kind of a value, so that types alone do not give them away."""
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ODD
    numbers = isinstance(value, int | float)
    return tuple(one for one in ODD if isinstance(one, int | float if numbers else str) and not isinstance(one, bool))


def _places(part: Any) -> list[tuple[Any, Any]]:
    found = []
    pairs = list(part.items()) if isinstance(part, dict) else list(enumerate(part)) if isinstance(part, list) else []
    for key, member in pairs:
        found += [(part, key), *_places(member)]
    return found


def torn(text: str, random: Random) -> str:
    """Return a text with a stretch of it gone, doubled or replaced."""
    start = random.randrange(len(text))
    end = min(len(text), start + random.randrange(40))
    put = random.choice(["", text[start:end] * 2, "\x00", "\t", '"', ": ", "- ", "}", "&a ", "客"])
    return text[:start] + put + text[end:]


def _yaml(path: Path, content: Any, random: Random) -> Path:
    made = spoilt(content, random, random.choice([1, 1, 1, 2, 4]))
    text = yaml.safe_dump(made, allow_unicode=True, sort_keys=False)
    path.write_text(torn(text, random) if random.random() < 0.15 else text, "utf-8", errors="replace")
    return path


def _line(random: Random, _here: Path) -> list[str]:
    words = [random.choice(WORDS) for _n in range(random.randint(0, 6))]
    return [*random.choice(COMMANDS), *words]


def _items(random: Random, here: Path) -> list[object]:
    _yaml(here / "own.yaml", topic(MCQ, TF, NUM, SHORT), random)
    if random.random() < 0.7:
        return ["exam", "check", "--seeds", 2, "--topic", "own", "--bank", here, "--only-own"]
    return [
        "exam",
        "make",
        "--bank",
        here,
        "--only-own",
        "--blueprint",
        _own_blueprint(here),
        "--to",
        "html,gift",
        "--out",
        here / "o",
    ]


def _section(name: str, kind: str, points: int) -> dict[str, Any]:
    return {"name": name, "title": {"zh": "题", "en": "Part"}, "kinds": [kind], "points": points, "each": points}


PLAN: dict[str, Any] = {
    "name": "own",
    "title": {"zh": "试卷", "en": "Exam"},
    "minutes": 60,
    "sections": [_section("choice", "mcq", 2), _section("holds", "tf", 1), _section("words", "short", 5)],
    "each_topic": {"least": 0.5, "most": 35},
    "topics": {"own": {"least": 1, "most": 20}},
    "bloom": {"apply": {"least": 1}},
}


def _own_bank(here: Path) -> list[object]:
    """Return options for a bank of a few items, from which papers are made at once."""
    folder = here / "bank"
    folder.mkdir()
    (folder / "own.yaml").write_text(yaml.safe_dump(topic(MCQ, TF, NUM, SHORT), allow_unicode=True), "utf-8")
    return ["--bank", folder, "--only-own"]


def _own_blueprint(here: Path) -> Path:
    (here / "plan").mkdir()
    path = here / "plan" / "own.yaml"
    path.write_text(yaml.safe_dump(PLAN, allow_unicode=True), "utf-8")
    return path


def _blueprints(random: Random, here: Path) -> list[object]:
    path = _yaml(here / "plan.yaml", PLAN, random)
    made = ["exam", "make", "--blueprint", path, *_own_bank(here), "--seed", random.choice([1, 2]), "--to", "html"]
    return [*made, "--forms", random.choice([1, 1, 2]), "--out", here / "o"]


@cache
def _manifest() -> str:
    made = papers.compose(bank(), blueprint("mock"), 3, ["zh"], 1)
    content = json.loads(as_json(made))
    for part in content["papers"][0]["parts"]:
        del part["questions"][2:]
    return json.dumps(content)


def _manifests(random: Random, here: Path) -> list[object]:
    path = here / "m.json"
    text = json.dumps(spoilt(json.loads(_manifest()), random, random.choice([1, 1, 1, 2, 4])), ensure_ascii=False)
    path.write_text(torn(text, random) if random.random() < 0.2 else text, "utf-8", errors="replace")
    return [
        "exam",
        "make",
        "--from",
        path,
        "--to",
        random.choice(["html", "gift", "moodle", "qti"]),
        "--out",
        here / "o",
    ]


def _rosters(random: Random, here: Path) -> list[object]:
    rows = [["id", "name", "email", "group"], ["1", "张三", "", "1"], ["2", "Bo", "b@x.cn", "1"]]
    text = "\n".join(
        ",".join(str(cell) for cell in row)
        for row in spoilt(rows, random, random.choice([1, 1, 1, 2, 4]))
        if isinstance(row, list)
    )
    (here / "r.csv").write_text(
        torn(text or "x", random), random.choice(["utf-8", "utf-8-sig", "utf-16"]), errors="replace"
    )
    return [
        "exam",
        "make",
        "--blueprint",
        "mock",
        "--seed",
        1,
        "--to",
        "gift",
        "--roster",
        here / "r.csv",
        "--out",
        here / "o",
    ]


def _scenarios(random: Random, here: Path) -> list[object]:
    scenario = yaml.safe_load((CASEBOOK / "distributors" / "scenarios" / "base.yaml").read_text("utf-8"))
    mine = Path.cwd() / "home" / "casebook" / "distributors" / "mine"
    mine.mkdir(parents=True, exist_ok=True)
    _yaml(
        mine / "own.yaml",
        {**scenario, "name": "own", "inputs": {"coverage_weight": 45, "panel": "area_manager"}},
        random,
    )
    return ["sweep", "distributors", "--scenario", "own", "--random", 2, "--out", here / "s.csv"]


Make = Callable[[Random, Path], list[Any]]
KINDS: dict[str, Make] = {
    "line": _line,
    "items": _items,
    "blueprints": _blueprints,
    "manifests": _manifests,
    "rosters": _rosters,
    "scenarios": _scenarios,
}
