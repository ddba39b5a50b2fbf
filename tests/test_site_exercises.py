"""Are the exercises of a page those of the notebook, so many of each, and is none of the exam's among them?"""

import json
import shutil
import subprocess
from random import Random

import pytest
from conftest import needs

from crmlib.chapters import chapters
from crmlib.core.i18n import speaking
from crmlib.items.bank import bank
from crmlib.site import build, exercises
from crmlib.site.pages import sheet

TOPICS = list(chapters())


def asked(topic: str, lang: str) -> list[str]:
    pages = [sheet(name, lang, moving=()) for name in chapters()[topic].notebooks]
    return [name for page in pages for _topic, name in page.exercises]


@pytest.mark.shared(2)
@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_asks_what_the_notebook_draws_with_the_same_seed(topic: str) -> None:
    lang = Random(topic).choice(("zh", "en"))
    names = asked(topic, lang)
    with speaking(lang):
        told = json.loads(exercises.told(topic, names))
        assert list(told) == names
        assert names
        for name in names:
            drawn = told[name]["drawn"]
            assert len(drawn) == exercises.VARIANTS >= 40
            for seed in (0, 7, 39):
                one = bank().exercises(topic)[name](Random(f"{topic}.{name}:{seed}"))
                assert (drawn[seed]["key"], len(drawn[seed]["options"])) == (one.answer, len(one.options))
                assert [reply[0] for reply in drawn[seed]["replies"]] == [d.answer for d in one.distractors]
                assert all(reply[1] and reply[2] for reply in drawn[seed]["replies"])
                assert drawn[seed]["right"] and drawn[seed]["solution"]


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_marked_for_exams_is_on_the_site(topic: str) -> None:
    exam = {item.id for part in bank().topics[topic] for item in part.items if item.use == "exam"}
    assert exam.isdisjoint(f"{topic}.{name}" for name in asked(topic, "zh"))


PAGE = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
globalThis.document = { querySelectorAll: () => [] };
globalThis.element = (_tag, _attributes, words) => ({ innerHTML: words });
globalThis.whenNear = () => {};
globalThis.site = { answers: given.words };
globalThis.tell = (marked) => process.stdout.write(JSON.stringify(given.typed.map((one) => marked(given.drawn, one))));
require("vm").runInThisContext(given.script + "\\ntell(marked);");
"""
"""What there is of a page for its script of exercises, without a browser."""


@pytest.mark.parametrize("typed", ["1e25", "-1e25", "1e21", "1e20", "99999999999999999999999", "1e-9"])
def test_a_number_beyond_all_measure_is_marked_as_in_the_notebook(typed: str, english: None) -> None:
    needs(bool(shutil.which("node")), "node")
    name = "index_points"
    one = bank().exercises("satisfaction")[name](Random(f"satisfaction.{name}:0"))
    given = {
        "words": exercises.words(),
        "drawn": exercises.variants("satisfaction", name)[0],
        "typed": [typed],
        "script": "\n".join((build.HERE / name).read_text("utf-8") for name in ("field.js", "ask.js")),
    }
    done = subprocess.run(
        ["node", "-e", PAGE], input=json.dumps(given), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    wanted = one.check(typed)
    ((verdict, words, misconception),) = json.loads(done.stdout)
    assert (verdict, words, misconception) == (wanted.verdict, wanted.said, wanted.misconception)
