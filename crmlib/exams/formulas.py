"""Formulas held to the engines that print them: pandoc, which writes them for typst, and typst, which sets them."""

from collections.abc import Iterator

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams import printing
from crmlib.items.bank import Bank
from crmlib.items.item import formulas_in

AS_WRITTEN = "\\$"
"""How a formula begins that pandoc did not understand: as plain text, with its dollar sign."""


def check(bank: Bank) -> None:
    """Refuse a bank in which a formula cannot be printed; without the engines, nothing is printed and nothing refused.

    Raises:
        UserError: a sentence for each formula.
    """
    places = {latex: id for id, item in bank.items.items() for latex in formulas_in(item)}
    said = _("item {id}: the formula “{latex}” cannot be printed; write it otherwise.")
    if odd := list(unprintable(list(places))):
        raise UserError(said.format(id=places[latex], latex=latex) for latex in odd)


def unprintable(latex: list[str]) -> Iterator[str]:
    """Yield the formulas that cannot be printed; none where the engines are not installed."""
    try:
        import pypandoc  # noqa: F401
        import typst  # noqa: F401
    except ImportError:
        return
    lines = [" ".join(formula.split()) for formula in latex]
    made = dict(zip(latex, printing._formulas(tuple(lines)), strict=True))
    yield from (formula for formula, text in made.items() if text.startswith(AS_WRITTEN))
    left = {formula: text for formula, text in made.items() if not text.startswith(AS_WRITTEN)}
    if not _sets(list(left.values())):
        yield from (formula for formula, text in left.items() if not _sets([text]))


def _sets(formulas: list[str]) -> bool:
    import typst

    source = "\n\n".join(f"${formula}$" for formula in formulas)
    try:
        typst.Compiler(source.encode()).compile(format="pdf")
    except typst.TypstError:
        return False
    return True
