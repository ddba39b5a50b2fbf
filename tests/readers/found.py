"""What a reader finds of a question, and what it should find."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count, cycle

import pytest
from hypothesis import strategies as st

from crmlib.core.i18n import _, speaking
from crmlib.exams.paper import Mark, Paper, Part, Question, question
from crmlib.items.bank import bank
from readers.rich import Blocks, all_meant, meant

Grade = Callable[[str], tuple[float, list[Blocks]]]


@dataclass
class Found:
    """A question as a reader found it; ``grade`` takes an answer to its share of the points and the feedback shown."""

    id: str
    kind: str
    asked: Blocks
    grade: Grade
    points: float | None = None
    options: list[Blocks] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    key: str = ""
    within: float = 0.0
    distractors: list[float] = field(default_factory=list)
    general: Blocks = field(default_factory=list)
    marking: Blocks = field(default_factory=list)
    hints: list[Blocks] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    title: str = ""
    facts: dict[str, str] = field(default_factory=dict)


# What should be found -------------------------------------------------------------------------------------------------


def _labelled(label: str, text: str) -> Blocks:
    return [meant(("text", label if label.endswith("：") else f"{label} "), text)] if text else []


def asked(q: Question) -> Blocks:
    return all_meant(q.text) + _labelled(_("Unit of the answer:"), q.unit)


def origin(q: Question) -> Blocks:
    return _labelled(_("Where books differ:"), q.note) + _labelled(_("Source:"), q.source)


def general(q: Question) -> Blocks:
    return all_meant(q.worked if q.kind == "num" else "") + origin(q)


def tags(q: Question) -> tuple[str, ...]:
    """Return the words by which a question should be found again."""
    hard = [f"difficulty-{q.difficulty}"] if q.difficulty else []
    known = sorted({f"misconceptions-{name}" for name in q.misconceptions if name})
    return (q.topic, q.bloom, q.kind, *hard, f"minutes-{q.minutes:g}", *known)


def facts(q: Question) -> dict[str, str]:
    """Return what should be known of a question by name."""
    known = {"topic": q.topic, "bloom": q.bloom, "kind": q.kind, "minutes": f"{q.minutes:g}"}
    names = sorted({name for name in q.misconceptions if name})
    more = {"difficulty": str(q.difficulty or ""), "misconceptions": " ".join(names)}
    return known | {name: value for name, value in more.items() if value}


def marking(q: Question) -> Blocks:
    rows: Blocks = []
    for mark in q.rubric:
        levels = [meant(("text", f"{points:g} — "), text) for points, text in mark.levels]
        rows += [*all_meant(mark.text), *levels, (("text", f"{mark.points:g}"),)]
    heads = [(("text", _("Criterion")),), (("text", _("At most")),)]
    return _labelled(_("Model answer:"), q.model) + heads + rows


def distractors(q: Question) -> Blocks:
    written = ",.10g" if q.decimals is None else f",.{q.decimals}f"
    return [meant(("text", f"{value:{written}}: ".replace("-", "−")), reply) for value, reply in q.distractors]


# Papers to write and read ---------------------------------------------------------------------------------------------

HOSTILE = (
    "plain words",
    "中文，“引号”：、；（括号）！",
    r"the rate \( \frac{a < b}{c \& d} \) and \(x_1\)",
    r"**not** bold, **粗体** and ** half",
    "it costs $5 or $10, even $$20$$ or $$",
    r"\[ x \] and \begin{equation} and \ref{a} and \( open",
    "<b>&amp;</b> <script>alert('1')</script> & &lt; &#35;",
    "\"double\" 'single' «»",
    r"~ = # : \ -> %50% {} {a} } {",
    "= right",
    "~ wrong # why",
    "//leading comment",
    "::title:: [html] [markdown] text",
    "[html]<i>x</i>",
    "line one\nline two\n\n// line four\r\nline five",
    "]]> <![CDATA[ x ]]> <!-- --> <?php ?>",
    "{{c1::x}} {{Answer}} [sound:a.mp3] [latex]x[/latex] [$]y[/$]",
    "@@PLUGINFILE@@/a.png [tex]x[/tex] {GENERICO:x}",
    "emoji 🎓 𝒳 ﷺ",
    "１２３，４５６．７８％　＝　？",
    r"a\nb \neq \: \\ \\n \{",
    "####general ####",
    "$CATEGORY: x",
    r"formula \( \text{a~b} = \{1:2\} \# \) end",
    "T",
    "*",
)


def questions(say: Callable[[], str], group: int = 0) -> Iterator[Question]:
    """Yield a question of each kind, every text of it from ``say``."""

    def common(kind: str, points: float) -> dict[str, object]:
        return {
            "id": f"own.{kind}_{group}",
            "kind": kind,
            "topic": "own" if group % 2 else "other",
            "bloom": "apply",
            "points": points,
            "minutes": 2.0,
            "text": say(),
            "source": say(),
            "note": say() if group % 2 else "",
            "difficulty": group % 4,
        }

    hints = tuple(say() for _n in range(2))
    options, replies = tuple(say() for _n in range(4)), tuple(say() for _n in range(4))
    key = group % 4
    names = tuple("" if n == key else f"slip_{n}" for n in range(4))
    yield Question(**common("mcq", 2), options=options, key=key, replies=replies, misconceptions=names, hints=hints)  # type: ignore[arg-type]
    truth = (say(), say())
    why = say()
    yield Question(**common("tf", 1), options=truth, key=group % 2, replies=(why, why), hints=hints)  # type: ignore[arg-type]
    yield Question(
        **common("num", 2.5),  # type: ignore[arg-type]
        key=(5.0, -0.125, 1234567.891, 0.0)[group % 4],
        within=(0.025, 0.005, 6172.839455, 0.0)[group % 4],
        unit=say() if group % 3 else "%",
        distractors=((6.5, say()), (-3.0, say()), (2.0e7, say())),
        worked=say(),
        hints=hints,
    )
    for kind, points in (("short", 5.0), ("essay", 10.0), ("case", 20.0)):
        levels = ((1.0, say()), (0.0, say())) if kind == "case" else ()
        rubric = (Mark(1.0, say(), levels), Mark(points - 1, say()))
        yield Question(**common(kind, points), model=say(), rubric=rubric, hints=hints)  # type: ignore[arg-type]


def paper_of(lang: str, texts: tuple[str, ...], groups: int) -> Paper:
    """Return a paper in which every text is one of ``texts`` with a number behind it, so that no two are alike."""
    parts = []
    for group in range(groups):
        around, number = cycle(texts[group % len(texts) :] + texts[: group % len(texts)]), count(1)
        made = questions(lambda around=around, number=number: f"{next(around)} ({next(number)})", group)  # type: ignore[misc]
        parts.append(Part(f"part_{group}", f"{texts[0]} {group}", texts[group % len(texts)], tuple(made)))
    return Paper("考试 <b> & 期末 ::" if lang == "zh" else "An exam: <b> & :: more", "A", lang, 90, "7", tuple(parts))


def hostile_paper(lang: str) -> Paper:
    """Return a paper in which each field of each kind of question holds each hostile text once."""
    return paper_of(lang, HOSTILE, len(HOSTILE))


ONE_KEY = ("mcq", "tf", "num", "short", "essay", "case")
"""Kinds that have one key, or a rubric; those with several parts are read in ``test_exports_compound``."""


def whole_bank(lang: str) -> Paper:
    """Return every item of the bank that has one key on one paper, its numbers drawn."""
    known = bank()
    with speaking(lang):
        one_key = (item for item in known.items.values() if item.type in ONE_KEY)
        made = tuple(question(known, item, seed) for seed, item in enumerate(one_key))
    return Paper("All", "A", lang, 90, "7", (Part("all", "All", "", made),))


letters = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t\\$()*[]{}<>&~=#:/")
any_texts = st.lists(st.text(letters, min_size=1), min_size=5, max_size=30).map(tuple)
"""Texts of any characters that a file may hold, those that mean something in a format more often than others."""


# Answers to grade -----------------------------------------------------------------------------------------------------


def near(value: float, share: float, within: float) -> str:
    """Return an answer that is off a number by a share of what it may be off."""
    return format(Decimal(repr(value)) + Decimal(str(share)) * Decimal(repr(within)), "f")


def check_number(found: Found, q: Question, replies: bool = True, right: str = "") -> None:
    """Grade the key, what is just near enough, what is just too far off, and every distractor."""
    assert q.key is not None
    assert (float(found.key), found.within) == pytest.approx((q.key, q.within), rel=1e-12)
    for share in (0, 0.999, -0.999):
        assert found.grade(near(q.key, share, q.within))[0] == 1
    for share in (1.001, -1.001) if q.within else ():
        assert found.grade(near(q.key, share, q.within))[0] == 0
    assert found.grade("31415926")[0] == 0
    for value, reply in q.distractors:
        score, feedback = found.grade(near(value, 0, 0))
        assert score == 0
        if replies:
            assert all_meant(reply) in feedback
            _check_edges(found, q, value, all_meant(reply))
    if right:
        assert all_meant(right) in found.grade(near(q.key, 0, 0))[1]


def check_choice(found: Found, q: Question) -> None:
    """Grade each option: the key earns all, any other nothing, and each has its reply."""
    for place, name in enumerate(found.names):
        score, feedback = found.grade(name)
        assert score == (place == q.key)
        if reply := all_meant(q.replies[place]):
            assert reply in feedback
    assert found.key == found.names[int(q.key or 0)]


def _check_edges(found: Found, q: Question, value: float, reply: Blocks) -> None:
    """A distractor is met as near as the key is, in proportion to its own size, numbers below one taken for one."""
    width = q.within / max(abs(q.key or 0.0), 1.0) * max(abs(value), 1.0)
    others = [q.key or 0.0, *(other for other, _reply in q.distractors if other != value)]
    if width and all(abs(value - other) > 3 * width + q.within for other in others):
        assert all(reply in found.grade(near(value, share, width))[1] for share in (0.999, -0.999))
        assert not any(reply in found.grade(near(value, share, width))[1] for share in (1.001, -1.001))
