"""Is text of the bank shown as it stands, and nothing in it obeyed but formulas and stress?"""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.items.prose import FormulaError, Run, formula, html, plain_text, runs

ALLOWED = {
    "b",
    "br",
    "code",
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mfrac",
    "msub",
    "msup",
    "msubsup",
    "msqrt",
    "mstyle",
}


class Tags(HTMLParser):
    """Collects the tags of a page and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def seen(text: str) -> Tags:
    parser = Tags()
    parser.feed(html(text))
    parser.close()
    return parser


def test_a_text_falls_into_words_formulas_and_stress() -> None:
    found = runs(r"a \( x_1 \) **not** $5$ * ** b")
    assert found == [
        Run("text", "a "), Run("maths", "x_1"), Run("text", " "), Run("stress", "not"), Run("text", " $5$ * ** b"),
    ]  # fmt: skip
    assert plain_text(r"a \( x \) **b**") == "a x b"


def test_a_formula_is_mathml_with_its_signs_readable() -> None:
    page = html(r"\( \frac{a}{b} < \text{元} \)")
    assert "<mfrac>" in page and "&lt;" in page and "元" in page
    assert "&amp;#x" not in page


@pytest.mark.parametrize("latex", [r"\text{<img src=x onerror=alert(1)>}", "<script>x</script>", r"\mbox{<b>}"])
def test_a_formula_carries_no_markup(latex: str) -> None:
    assert seen(rf"\( {latex} \)").tags <= ALLOWED - {"b"}


@pytest.mark.parametrize("latex", ["x^", "{", r"\frac"])
def test_what_is_no_formula_is_said_and_shown_as_written(latex: str) -> None:
    with pytest.raises(FormulaError):
        formula(latex)
    assert seen(rf"\( {latex} \)").words == latex


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    assert seen(text).tags <= ALLOWED


@given(st.text(alphabet=st.characters(exclude_characters="\\*\n\r", exclude_categories=("Cs", "Cc"))))
def test_plain_words_come_through_unchanged(text: str) -> None:
    assert seen(text).words == text
