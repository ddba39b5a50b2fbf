"""Inputs declared once: name, type, bounds, step, unit and label of everything a study lets you change.

From the declaration come the explorer's controls, the check of a rerun's parameters, the parameters cell of a case
notebook and the reference table in the chapter. See :class:`Inputs`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Self, get_args

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from crmlib.core.errors import InputError
from crmlib.core.figures import minus
from crmlib.core.i18n import N_, _

RULE, VIEW = N_("Rule"), N_("View")
"""The group of an input that names none, and that of what only changes the picture."""


@dataclass(frozen=True)
class Setting:
    """One input as a control, a check or a row of the reference table needs it (texts still untranslated)."""

    name: str
    kind: type
    default: Any
    label: str
    group: str
    unit: str = ""
    help: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    choice_labels: tuple[str, ...] = ()

    def title(self) -> str:
        """Return the label with its unit, translated."""
        return _("{label} ({unit})").format(label=_(self.label), unit=_(self.unit)) if self.unit else _(self.label)

    def shown(self, value: Any) -> str:
        """Return a value as a reader sees it, translated: a choice by its label."""
        if self.choices:
            return _(dict(zip(self.choices, self.choice_labels, strict=True))[value])
        if self.kind is bool:
            return _("yes") if value else _("no")
        return minus(f"{value:,.12g}")

    def named(self, value: Any) -> str:
        """Return a value as a table has it: with a choice's label stands the word that ``--set`` takes."""
        return _("{label} ({unit})").format(label=self.shown(value), unit=value) if self.choices else self.shown(value)

    def range(self) -> str:
        """Return, translated, what values are accepted, as a table has it: choices by their labels, a line each."""
        return "\n".join(map(self.named, self.choices)) if self.choices else self.accepts()

    def accepts(self) -> str:
        """Return, translated, what values are accepted."""
        if self.choices:
            return _(", ").join(self.choices)
        if self.kind is bool:
            return "true, false"
        return minus(_("{low} to {high}").format(low=f"{self.low:,.12g}", high=f"{self.high:,.12g}"))


def setting(
    default: Any,
    label: str,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    unit: str = "",
    group: str = RULE,
    help: str = "",
    choices: dict[str, str] | None = None,
) -> Any:
    """Declare one input of a study.

    Args:
        default: the value of the base case.
        label: English msgid, marked with ``N_``.
        low, high: bounds, both included. Numbers need them: a slider has two ends.
        step: step of the slider.
        unit: msgid of the unit.
        group: msgid of the heading above its control; groups stand in the order in which inputs first name them.
        help: msgid of a sentence that says what the input does.
        choices: for a ``Literal`` field, its values with their labels.

    Raises:
        ValueError: the default is not a whole number of steps above ``low``; a browser's slider would move it there
            unasked, and the figures with it.
    """
    if step and low is not None and not on_step(default, low, step):
        raise ValueError(f"{label}: the default {default} is off its steps")
    extra: Any = {"label": label, "step": step, "unit": unit, "group": group, "help": help, "choices": choices or {}}
    return Field(default, ge=low, le=high, json_schema_extra={"low": low, "high": high, **extra})


def on_step(value: float, low: float, step: float) -> bool:
    """Tell whether a value is a whole number of steps above ``low``."""
    steps = (value - low) / step
    return abs(steps - round(steps)) < 1e-6


class Inputs(BaseModel):
    """The inputs of a study. Subclass it with one :func:`setting` a field.

    Instances are immutable. Whatever does not fit raises :class:`~crmlib.core.errors.InputError` with one sentence a
    field, in the language now spoken. Rules between fields go into :meth:`problems`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def __init__(self, /, **values: Any):
        try:
            super().__init__(**values)
        except ValidationError as refusal:
            raise InputError(_sentences(type(self), refusal.errors())) from None

    @model_validator(mode="before")
    @classmethod
    def _no_switch_for_a_number(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Keep pydantic from reading ``true`` as 1: hand it on as text, which is then refused as not a number."""
        numbers = {s.name for s in cls.settings() if s.kind in (int, float)}
        return {k: str(v) if isinstance(v, bool) and k in numbers else v for k, v in values.items()}

    @model_validator(mode="after")
    def _fields_agree(self) -> Self:
        if found := dict(self.problems()):
            raise InputError(found)
        return self

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield ``(field, translated sentence)`` for what is wrong between fields that are each well on their own."""
        yield from ()

    def remarks(self) -> list[str]:
        """Return translated sentences on what the study makes of these inputs, such as weights brought to sum one."""
        return []

    def replace(self, **changes: Any) -> Self:
        """Return these inputs with some of them changed, checked anew."""
        return type(self)(**{**self.model_dump(), **changes})

    def changes(self) -> dict[str, Any]:
        """Return the inputs that differ from the defaults."""
        return self.model_dump(exclude_defaults=True)

    @classmethod
    def settings(cls) -> tuple[Setting, ...]:
        """Return the declared inputs, in order."""
        return _settings(cls)

    @classmethod
    def setting_of(cls, name: str) -> Setting:
        """Return one declared input.

        Raises:
            StopIteration: there is none of this name.
        """
        return next(s for s in cls.settings() if s.name == name)

    @classmethod
    def gather(cls, variables: Mapping[str, Any], over: Mapping[str, Any] | None = None) -> Self:
        """Build the inputs from a notebook's variables: ``TierPolicy.gather(globals())``.

        Args:
            variables: those with other names are left alone; those that are ``None`` count as not set.
            over: values of inputs that are not set; the others keep their defaults.
        """
        given = {s.name: variables.get(s.name) for s in cls.settings()}
        return cls(**{**(over or {}), **{name: value for name, value in given.items() if value is not None}})

    @classmethod
    def reference(cls) -> pd.DataFrame:
        """Return the reference table of the inputs: label, name, default, accepted values, and what each one does."""
        rows = [(s.title(), s.name, s.named(s.default), s.range(), _(s.help)) for s in cls.settings()]
        columns = [_("Input"), _("Name"), _("Default"), _("Accepts"), _("What it does")]
        return pd.DataFrame(rows, columns=columns).set_index(columns[0])


@cache
def _settings(cls: type[Inputs]) -> tuple[Setting, ...]:
    found = []
    for name, field in cls.model_fields.items():
        extra = dict(field.json_schema_extra or {})  # type: ignore[arg-type]
        choices: dict[str, str] = extra.pop("choices")  # type: ignore[assignment]
        kind = str if get_args(field.annotation) else field.annotation
        if choices and tuple(choices) != get_args(field.annotation):
            raise TypeError(f"{cls.__name__}.{name}: the choices are not those of its Literal")
        found.append(
            Setting(name, kind, field.default, choices=tuple(choices), choice_labels=tuple(choices.values()), **extra)  # type: ignore[arg-type]
        )
    return tuple(found)


def _sentences(cls: type[Inputs], refusals: list[ErrorDetails]) -> dict[str, str]:
    """Return one translated sentence for each field that pydantic refused."""
    known = {s.name: s for s in cls.settings()}
    return {str(r["loc"][0]): _sentence(known, str(r["loc"][0]), r) for r in refusals}


def _sentence(known: dict[str, Setting], name: str, refusal: ErrorDetails) -> str:
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        if near:
            return _("There is no input “{name}”. Did you mean “{near}”?").format(name=shorten(name), near=near[0])
        said = _("There is no input “{name}”. The inputs are: {names}.")
        return said.format(name=shorten(name), names=_(", ").join(known))
    s = known[name]
    facts = {"label": s.title(), "name": name, "value": shorten(refusal["input"]), "accepts": s.accepts()}
    if s.choices:
        return _("{label}, {name}: “{value}” is not one of: {accepts}.").format(**facts)
    if s.kind is bool:
        return _("{label}, {name}: “{value}” is neither true nor false.").format(**facts)
    if refusal["type"] in ("greater_than_equal", "less_than_equal"):
        return _("{label}, {name}: {value} is out of range; it may be {accepts}.").format(**facts)
    if s.kind is int:
        return _("{label}, {name}: “{value}” is not a whole number; it may be {accepts}.").format(**facts)
    return _("{label}, {name}: “{value}” is not a number; it may be {accepts}.").format(**facts)


def shorten(value: object, most: int = 40) -> str:
    """Return ``value`` as text of at most ``most`` characters, for use in a sentence: one line, printable."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def weights_remark(total: float, names: Iterable[str], weights: Iterable[float]) -> list[str]:
    """Say how weights are used whose sum is not one; say nothing where it is.

    Args:
        total: sum of the weights as given.
        names: msgids of what is weighed.
        weights: as used, of sum one; those of zero are not named.
    """
    if abs(total - 1) < 1e-9:
        return []
    used = _(", ").join(f"{_(name)} {weight:.1%}" for name, weight in zip(names, weights, strict=True) if weight)
    return [_("The weights add up to {total:.2f} and are used as: {used}.").format(total=total, used=used)]
