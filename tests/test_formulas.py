"""A formula is read and printed by every engine, or the bank that holds it is refused."""

from pathlib import Path

import pytest
from conftest import Crm
from test_items import TF, change, topic, written

from crmlib.core.errors import UserError
from crmlib.core.i18n import speaking
from crmlib.exams import formulas
from crmlib.items import prose
from crmlib.items.bank import read_bank
from crmlib.items.item import formulas_in

NOT_LATEX = (
    r"\frac{a", r"x_{i", r"x^{", "}", "}{", r"a & b", r"a \\ b", r"x # y", "$x$", r"\left( x", "_", r"a^b^c", r"\sqrt",
    r"\foo", r"\input{x}", r"\url{a}", r"\unknown{x}", r"x \href{javascript:alert(1)}{y}",
)  # fmt: skip
NOT_PRINTED = (r"{\bf x}", r"\rm CLV", r"\def\x{y}\x")
SOUND = (
    r"\frac{a}{b}", r"\begin{cases} a & b \\ c & d \end{cases}", r"\text{客户}", r"50\%", r"\{a\} \& \#",
    r"\sum_{t=1}^{n} r^t", r"\mathrm{CLV}", r"\operatorname{CLV}", "客户", r"\hat{x} \, \tfrac12", "a\n+ b",
)  # fmt: skip


@pytest.mark.parametrize("latex", NOT_LATEX)
def test_what_is_no_latex_or_leads_out_of_it_is_refused_when_it_is_read(tmp_path: Path, latex: str, lang: str) -> None:
    with pytest.raises(prose.FormulaError):
        prose.formula(latex)
    said = f"\\( {latex} \\)"
    written(tmp_path, topic(change(TF, stem={"zh": said, "en": said})))
    with pytest.raises(UserError) as refusal:
        read_bank(tmp_path)
    assert latex in str(refusal.value) and "own.holds" in str(refusal.value)


@pytest.mark.parametrize("latex", NOT_PRINTED)
def test_what_pandoc_or_typst_does_not_know_is_refused_before_a_paper_is_made(
    tmp_path: Path, crm: Crm, latex: str
) -> None:
    said = f"\\( {latex} \\)"
    written(tmp_path, topic(change(TF, stem={"zh": said, "en": said})))
    for command in (("check", "--seeds", "1"), ("make", "--to", "html", "--out", tmp_path / "out")):
        code, _said, refused = crm("exam", *command, "--bank", tmp_path, "--lang", "en")
        assert (
            code == 2 and refused == f"item own.holds: the formula “{latex}” cannot be printed; write it otherwise.\n"
        )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("latex", SOUND)
def test_what_all_of_them_print_is_read(latex: str) -> None:
    assert prose.formula(latex).tag == "math"
    assert not list(formulas.unprintable([latex]))


def test_all_formulas_of_the_workbook_are_printed() -> None:
    known = read_bank()
    with speaking("en"):
        formulas.check(known)
    assert len({latex for item in known.items.values() for latex in formulas_in(item)}) > 20
