"""Templates: text of an exercise in which values stand, ``{{ key | fixed(2) }}``, and cases, ``{% if … %}``.

A template is data that an instructor may have written. It reaches the values it is given and nothing else: there are no
attributes, no calls, no loops, and of filters those below alone. That is checked when a file is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crmlib.core.errors import UserError
from crmlib.core.figures import minus
from crmlib.core.i18n import N_, _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.items.prose import MARK
from crmlib.support.strict_yaml import Texts

MOST_DIGITS = 12


def short(value: float) -> str:
    """Return a number with as few figures as it needs, six at most."""
    return minus(f"{value:g}")


def fixed(value: float, digits: int) -> str:
    """Return a number with so many decimals."""
    return minus(f"{value:.{min(digits, MOST_DIGITS)}f}")


def grouped(value: float, digits: int | None = None) -> str:
    """Return a number with its thousands apart; without ``digits`` as it is."""
    return minus(f"{value:,}" if digits is None else f"{value:,.{min(digits, MOST_DIGITS)}f}")


def percent(value: float, digits: int = 0) -> str:
    """Return a share in per cent.

    >>> short(12.50), fixed(-2.5, 2), grouped(12345), grouped(12345.678, 1), percent(0.035, 1)
    ('12.5', '−2.50', '12,345', '12,345.7', '3.5%')
    """
    return minus(f"{value:.{min(digits, MOST_DIGITS)}%}")


def joined(values: Iterable[object], between: str) -> str:
    """Return several values in a row, numbers with their thousands apart.

    >>> joined([3, 1540, "A"], "; ")
    '3; 1,540; A'
    """
    return between.join(grouped(value) if isinstance(value, int | float) else str(value) for value in values)


def full(value: float) -> str:
    """Return an amount in 万元 as so many yuan, as English gives it.

    >>> full(60), full(73.5), full(-0.25)
    ('600,000', '735,000', '−2,500')
    """
    return grouped(value * TEN_THOUSAND, 0)


FILTERS = {way.__name__: way for way in (short, fixed, grouped, percent, joined, full)}
ALLOWED = (
    nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.CondExpr, nodes.If, nodes.Filter,
)  # fmt: skip
"""What a template may be made of."""
REFUSED = {
    nodes.Getattr: N_("an attribute"),
    nodes.Getitem: N_("a part of a value"),
    nodes.Call: N_("a call"),
    nodes.For: N_("a loop"),
    nodes.Filter: N_("a filter that is none of these: {filters}"),
}
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def _environment() -> ImmutableSandboxedEnvironment:
    """Return an environment in which nothing is known but our filters."""
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    made.globals, made.tests = {}, {}
    made.filters = dict(FILTERS)
    return made


ENVIRONMENT = _environment()


def faults(source: str) -> Iterator[str]:
    """Yield what is wrong with a template, translated."""
    if "{" not in source and "}" not in source:  # most texts are plain, and reading one takes its time
        return
    if re.search(r"[{}]", TAG.sub("", MARK.sub("", source))):
        yield _("a brace stands alone; a value is written {{ name }}.")
        return
    try:
        tree = ENVIRONMENT.parse(source)
    except (TemplateSyntaxError, RecursionError):
        yield _("look for an {% if %} without its {% endif %}, and for a value that is not written {{ name }}.")
        return
    for node in tree.find_all(nodes.Node):
        if not _allowed(node):
            what = _(REFUSED.get(type(node), N_("something else"))).format(filters=", ".join(FILTERS))
            yield _("a template holds values, cases and filters; {what} is not allowed in it.").format(what=what)
            return


def _allowed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS and _plain(node)
    if isinstance(node, nodes.Name | nodes.Const):
        return getattr(node, "name", "") != "self" and getattr(node, "value", "") is not None
    return isinstance(node, ALLOWED)


def _plain(node: nodes.Filter) -> bool:
    """Say whether a filter has something to work on, and constants alone beside it."""
    bare = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and node.node is not None
    return bare and all(isinstance(given, nodes.Const) for given in node.args)


@cache
def names(source: str) -> frozenset[str]:
    """Return the names of the values that stand in a template."""
    return frozenset(node.name for node in ENVIRONMENT.parse(source).find_all(nodes.Name))


def literal(source: str, instead: str = " ") -> str:
    """Return what a template says whatever its values are, with ``instead`` in the place of each value.

    >>> literal("{{ a }} of 3{% if b %}, or 4{% endif %}", "x")
    'x of 3, or 4'
    """
    return TAG.sub(lambda tag: instead if tag[0].startswith("{{") else "", source)


@cache
def _template(source: str) -> Template:
    return ENVIRONMENT.from_string(source)


def fill(text: Texts, values: Mapping[str, object], place: str) -> str:
    """Return a template in the language now spoken with its values.

    Args:
        text: the template.
        values: by the names that stand in it.
        place: what to call it where a value is missing.

    Raises:
        UserError: a value that it needs is not there, or a filter cannot take it.
    """
    source = str(text)
    try:
        return _template(source).render(values)
    except (SyntaxError, RecursionError):
        raise UserError(_("{place}: its cases stand too deep within one another.").format(place=place)) from None
    except UndefinedError:
        said = _("{place}: there is no value “{names}”.")
        missing = _(", ").join(sorted(names(source) - set(values)))
        raise UserError(said.format(place=place, names=missing)) from None
    except (TypeError, ValueError):
        raise UserError(_("{place}: a filter cannot take the value it is given.").format(place=place)) from None
