"""What holds for the exercises of every chapter: keys, replies, words, and what the page gets.

Exercises and chapters are found, never named. Each key is computed anew by ``oracles_<topic>.py`` from the numbers that
the question prints. Evenness over many seeds is asked of the bank (``test_bank``).
"""

import re
from math import sqrt

import nbformat
import pytest
from each import each
from early import taken
from exercises import BANKED, EXERCISES, TEXTS, banked, chapter, draw, exercises_in, guesses, oracle, oracles, seeds

from crmlib.chapters import chapters
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.exercise import Distractor, Exercise
from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.core.paths import NOTEBOOKS, SOURCES
from crmlib.items.audit import differing
from crmlib.items.bank import bank
from crmlib.items.base import text_faults
from crmlib.items.generators import GENERATORS
from crmlib.items.item import Choice, Number, Wording, texts_in
from crmlib.items.plausible import bounds
from crmlib.items.rounding import rounding
from crmlib.learning.cards import Ask
from crmlib.support.mime import WIDGET_MIME

CHINESE = re.compile("[一-鿿]")
MANY = taken(60, 200)
every_exercise = each("name", list(EXERCISES))
every_topic = pytest.mark.parametrize("topic", GENERATORS)


def test_every_chapter_has_exercises() -> None:
    assert list(GENERATORS) == list(chapters())


# Keys -----------------------------------------------------------------------------------------------------------------


@every_topic
def test_every_exercise_of_the_bank_has_an_oracle_and_an_item(topic: str) -> None:
    drawn = {item.generator for item in bank().of(topic) if isinstance(item, Choice | Number) and item.generator}
    assert drawn <= oracles(topic)
    assert drawn == {name.partition(".")[2] for name in BANKED if name.startswith(f"{topic}.")}


@each("name", list(BANKED))
def test_the_question_alone_gives_back_the_key(name: str, english: None) -> None:
    for seed in range(MANY):
        e = draw(name, seed)
        assert e.answer == pytest.approx(oracle(name, e.question), rel=1e-9), e.question


def texts(name: str) -> Wording:
    item = bank().item(name)
    assert isinstance(item, Wording)
    return item


@each("name", list(BANKED))
def test_in_the_bank_the_right_option_is_what_the_question_gives(name: str, english: None) -> None:
    words = bool(draw(name, 0).options)
    for seed in range(MANY):
        e = banked(name, seed)
        assert {e.answer, *(d.answer for d in e.distractors)} <= set(range(len(e.options))) or not e.options
        if words or not e.options:
            continue
        assert {e.answer, *(d.answer for d in e.distractors)} == set(range(len(e.options)))
        shown, key = (
            float(e.options[int(e.answer)].split()[0].rstrip("%").replace(",", "").replace("−", "-")),
            oracle(name, e.question),
        )
        asked = rounding(texts(name).stem)
        off = 0.5 * 10**-asked.decimals + 1e-9 if asked and not asked.at_least else 0.0051 if abs(key) >= 1 else None
        assert shown == pytest.approx(key, rel=6e-4, abs=off), e.question


@each("name", list(BANKED))
def test_in_the_bank_every_misconception_comes_up_that_the_numbers_allow(name: str, english: None) -> None:
    offered = {d.misconception for seed in range(MANY) for d in banked(name, seed).distractors}
    least, most = bounds(texts(name))
    drawn = [d for seed in range(MANY // 2) for d in draw(name, seed).distractors]
    every = draw(name, 0).options or isinstance(texts(name), Number)
    assert offered == {d.misconception for d in drawn if every or least <= d.answer <= most}


@every_exercise
def test_the_same_seed_asks_the_same_and_another_one_something_else(name: str, english: None) -> None:
    tried = seeds(name, 60)
    different = {draw(name, seed).question for seed in tried}
    assert len(different) > (len(tried) / 3 if name in BANKED else 1)
    assert draw(name, 0) == draw(name, 0)


@every_exercise
def test_the_key_of_a_choice_takes_every_place(name: str, english: None) -> None:
    if options := draw(name, 0).options:
        assert {draw(name, seed).answer for seed in seeds(name, MANY)} == set(range(len(options)))


# Answers --------------------------------------------------------------------------------------------------------------


@every_exercise
def test_the_key_is_right_as_people_type_it(name: str) -> None:
    for seed in seeds(name, MANY):
        e = draw(name, seed)
        assert e.check(e.answer)[0] == "right"
        if not e.options:
            typed = f"{e.answer:,.4f}"
            wide = typed.translate({ord(a): ord(a) + 0xFEE0 for a in "0123456789.,"})
            assert e.check(typed)[0] == e.check(f" {wide} ")[0] == e.check(f"{e.answer}")[0] == "right", (typed, e)


@every_exercise
def test_no_two_answers_coincide_and_each_gets_its_own_reply(name: str, english: None) -> None:
    for seed in seeds(name, MANY):
        e = draw(name, seed)
        assert e.distractors, seed
        for known in e.distractors:
            assert not e._near(known.answer, e.answer), (seed, known)
            assert e.check(known.answer)[:2] == ("mistake", f"Not quite. {known.reply}"), (seed, known)


@every_exercise
def test_an_answer_that_is_no_usual_mistake_gets_the_plain_refusal(name: str, english: None) -> None:
    e = draw(name, 1)
    verdict, said, _name = e.check(-98_765.4)
    assert verdict == "wrong"
    assert not any(known.reply in said for known in e.distractors)
    assert e.worked not in said


@every_exercise
def test_what_is_no_number_is_said_to_be_none(name: str, english: None) -> None:
    e = draw(name, 2)
    for typed in ("about ten", "", "nan", "inf", "1 2 3 x", "1e999", "1..2"):
        verdict, said, _name = e.check(typed)
        assert verdict == "unreadable" and typed in said


@every_exercise
def test_misconceptions_are_named_in_the_bank_and_hints_do_not_tell_the_key(name: str, lang: str) -> None:
    known = {one for part in bank().topics[name.partition(".")[0]] for one in part.misconceptions}
    for seed in seeds(name, 40):
        e = draw(name, seed)
        assert {d.misconception for d in e.distractors} <= known
        assert all(e.hints)
        assert e.hints or name not in BANKED
        assert e.options or not any(f"{e.answer:.1f}" in hint for hint in e.hints)


# Words ----------------------------------------------------------------------------------------------------------------


@every_exercise
def test_every_text_is_filled_and_speaks_one_language(name: str, lang: str) -> None:
    for seed in seeds(name, 20):
        e = draw(name, seed)
        for text in (e.question, e.worked, *e.options, *e.hints, *(d.reply for d in e.distractors)):
            assert text
            assert "{" not in text
            chinese = bool(CHINESE.search(text))
            assert chinese == (lang == "zh") or (not chinese and not re.search(r"[a-z]{3}", text)), text


@every_exercise
def test_both_languages_ask_for_the_same_with_the_same_numbers(name: str) -> None:
    for seed in seeds(name, 40):
        said: list[Exercise] = []
        for lang in LANGUAGES:
            with speaking(lang):
                said.append(draw(name, seed))
        zh, en = said
        assert len(zh.options) == len(en.options)
        assert not differing(TEXTS[name], zh, en), (name, seed)


@pytest.mark.parametrize("topic", bank().topics)
def test_every_written_text_says_the_same_numbers_in_both_languages(topic: str) -> None:
    for part in bank().topics[topic]:
        for one in (*part.items, *part.exercises, part.misconceptions, part.words):
            assert list(text_faults(texts_in(one), drawn=True)) == []


# Worked solutions -----------------------------------------------------------------------------------------------------

COMPUTED = [name for name in BANKED if not draw(name, 0).options]
EQUATION = re.compile(r"([-\d.,%()+−×÷√² ]+)[=≈](?= *¥?([-−]?[\d.,]*\d%?)(?! *[\d.,+−×÷%]))")
PIECES = re.compile(r"[;；:：。，]|\. |, |: ")


def value(side: str) -> float:
    """Return what one side of an equation comes to."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", side).replace("−", "-").replace("×", "*").replace("÷", "/")
    plain = re.sub(r"√([\d.]+)", r"sqrt(\1)", plain.replace("²", "**2")).replace("√(", "sqrt(")
    return float(eval(re.sub(r"([\d.]+)%", r"(\1/100)", plain.strip(" .,")), {"sqrt": sqrt}))


@each("name", list(COMPUTED))
def test_a_worked_solution_writes_out_its_computation_with_the_numbers_drawn(name: str, lang: str) -> None:
    for seed in range(25):
        e = draw(name, seed)
        sides = [side for piece in PIECES.split(e.worked) for side in EQUATION.findall(piece.rstrip("."))]
        found = [(left, right) for left, right in sides if re.search(r"[+−×÷√]", left)]
        assert found, e.worked
        for left, right in found:
            wanted = value(right)
            off = 0.6 * 10 ** -len(right.rstrip("%").partition(".")[2]) / (100 if right.endswith("%") else 1)
            assert value(left) == pytest.approx(wanted, rel=0.005, abs=off), e.worked
        shown = [value(right.rstrip("%")) for _left, right in found]
        close = [number for number in shown if abs(number - e.answer) <= 0.006 * max(abs(e.answer), 1)]
        counted = e.answer == int(e.answer) and f"{e.answer:g}" in e.worked
        assert close or counted, (e.answer, e.worked)


# In the notebook ------------------------------------------------------------------------------------------------------


def asked(name: str, seed: int = 0) -> Ask:
    topic, _dot, short = name.partition(".")
    found: Ask = chapter(topic).ask(short, seed)
    return found


def press(ask: Ask, place: int) -> str:
    """Press a button below a question and return what is said then."""
    ask.children[2].children[place].click()
    return str(ask.children[3].value)


def known(e: Exercise) -> Distractor:
    return next(d for d in e.distractors if not e._near(d.answer, e.answer))


@pytest.mark.shared(3)
@pytest.mark.parametrize("name", EXERCISES)
def test_the_buttons_judge_and_draw_another_one(lang: str, name: str) -> None:
    ask = asked(name)
    assert bool(CHINESE.search(press(ask, 0))) == (lang == "zh")
    e = ask.exercise
    wrong = known(e)
    for given, said in ((wrong.answer, wrong.reply), (e.answer, e.worked)):
        ask.children[1].value = int(given) if e.options else f"{given}"
        shown = press(ask, 0)
        assert re.split("[<&“]", said)[0] in shown
        assert bool(CHINESE.search(shown)) == (lang == "zh")
    before = ask.children[0].value
    after = press(ask, 1)
    assert ask.seed == 1
    assert ask.children[1].value in (None, "")
    assert after != shown and e.worked not in after
    assert name not in BANKED or ask.children[0].value != before


@every_exercise
def test_the_answer_stands_neither_in_the_text_nor_in_the_widgets(name: str, english: None) -> None:
    ask = asked(name)
    bundle = ask._repr_mimebundle_()
    assert set(bundle) == {"text/plain", WIDGET_MIME}
    assert bundle["text/plain"].startswith(ask.exercise.question)
    shown = str([child.get_state() for child in (ask, *ask.children)])
    for text in (ask.exercise.worked, *(d.reply for d in ask.exercise.distractors)):
        assert text not in shown and text not in bundle["text/plain"]


@every_topic
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_answer_is_stored_in_the_notebook(topic: str, spoken: str) -> None:
    texts = [(NOTEBOOKS / spoken / f"{name}.ipynb").read_text("utf-8") for name in chapters()[topic].notebooks]
    text = "\n".join(texts)
    code = [cell for one in texts for cell in nbformat.reads(one, as_version=4).cells if cell.cell_type == "code"]
    outputs = "\n".join(str(output.get("data", output)) for cell in code for output in cell.outputs)
    with speaking(spoken):
        for name in (name for name in EXERCISES if name.startswith(f"{topic}.")):
            e = asked(name).exercise
            assert repr(e.question)[1:-1] in outputs or e.question in outputs
            for said in (e.worked, *(d.reply for d in e.distractors)):
                assert len(said) < 12 or said not in text
        guessed = guesses(topic)
    for guess in guessed:
        assert f"{guess.answer:.0f}" not in re.findall(r"\d+", outputs.split(guess.question)[-1].partition("\n")[0])


@every_topic
def test_an_exercise_leads_to_the_figures_of_its_chapter(topic: str, lang: str) -> None:
    first = next(iter(bank().exercises(topic)))
    (section,) = re.findall('data-section="([^"]+)"', chapter(topic).ask(first)._question.value)
    for name in chapters()[topic].notebooks:
        source = SOURCES / f"{name}.md"
        assert re.search(rf"^## {re.escape(section)}$", source.read_text("utf-8"), re.MULTILINE)


@every_topic
def test_the_parts_of_a_chapter_ask_each_exercise_once(topic: str) -> None:
    found = [name for notebook in chapters()[topic].notebooks for name in exercises_in(notebook)]
    assert sorted(found) == sorted(bank().exercises(topic))


@every_topic
def test_each_part_of_a_chapter_opens_with_a_guess_of_its_own(topic: str, english: None) -> None:
    names = chapters()[topic].notebooks
    texts = [(SOURCES / f"{name}.md").read_text("utf-8") for name in names]
    called = [re.findall(r"^exercises\.(guess\w*)\(\)$", text, re.MULTILINE) for text in texts]
    assert all(len(one) == 1 for one in called)
    assert len({one[0] for one in called}) == len(names) == len(guesses(topic))


@every_topic
def test_the_guess_leads_to_a_section_of_its_chapter(topic: str, lang: str) -> None:
    for guess, name in zip(guesses(topic), chapters()[topic].notebooks, strict=True):
        source = SOURCES / f"{name}.md"
        assert re.search(rf"^#+ {re.escape(guess.section)}$", source.read_text("utf-8"), re.MULTILINE)


def test_no_two_guesses_ask_the_same_or_are_remembered_under_one_name(lang: str) -> None:
    every = [guess for topic in GENERATORS for guess in guesses(topic)]
    assert len(every) == len({guess.question for guess in every}) == len({guess.memory for guess in every})


@every_topic
def test_a_guess_is_answered_with_the_figure(topic: str, lang: str) -> None:
    for guess in guesses(topic):
        assert guess.low < guess.answer < guess.high
        figure = f"{guess.answer:,.0f}"
        assert figure in guess.reveal((guess.low + guess.high) / 2)
        scale, said = guess.children[1], guess.children[3]
        assert (scale.value, said.value) == ("", "")
        guess.children[2].children[0].click()
        assert figure not in said.value
    assert i18n.language() == lang


@pytest.mark.parametrize("topic", chapters())
def test_an_exercise_that_there_is_not_is_refused_with_those_there_are(topic: str, lang: str) -> None:
    with pytest.raises(UserError) as refused:
        chapter(topic).ask("no_such_exercise")
    assert all(name in str(refused.value) for name in ("no_such_exercise", *GENERATORS[topic]))
