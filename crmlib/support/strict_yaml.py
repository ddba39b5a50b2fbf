"""Plain YAML, written by people, read into checked models: what is wrong is said in a sentence with file, line, field.

Plain means fields, lists and values. Tags are refused, and anchors too, which a few lines can unfold without end.
"""

from collections.abc import Collection, Hashable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import N_, _, pick
from crmlib.core.inputs import shorten
from crmlib.core.paths import ROOT


class Named(Protocol):
    """What has a name of its own in its file."""

    @property
    def name(self) -> str:
        """The name, as its file is called."""
        ...


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Part(BaseModel):
    """What the files hold is made of parts: nothing unknown in them, nothing changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Texts(Part):
    """One text in both languages; ``str()`` gives it in the language now spoken."""

    zh: Line
    en: Line

    def __str__(self) -> str:
        return pick({"zh": self.zh, "en": self.en})


T = TypeVar("T")
N = TypeVar("N", bound=Named)

DEEPEST = 20
"""How deep lists and fields may stand within one another: each level costs the parser more time and stack."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, ten times as fast where PyYAML was built with its library in C."""


class RepeatedKey(yaml.constructor.ConstructorError):
    """A field stands twice in one place, of which YAML would drop the first without a word."""


class STRICT(LOADER):  # type: ignore[misc]
    """The safe loader, with which a field stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """Return fields as a dict; refuse what stands twice."""
        self.flatten_mapping(node)
        seen: set[object] = set()
        for key, _value in node.value:
            name = self.construct_object(key, deep=True)
            if isinstance(name, Hashable):
                if name in seen:
                    raise RepeatedKey(problem=key.value, problem_mark=key.start_mark)
                seen.add(name)
        return super().construct_mapping(node, deep)


REFUSALS = {
    "missing": N_("{file}, line {line}: “{field}” is missing."),
    "string_too_short": N_("{file}, line {line}: “{field}” is empty."),
    "extra_forbidden": N_("{file}, line {line}: there is no field “{field}”."),
    "value_error": N_("{file}, line {line}: {why}"),
    "value_error_in": N_("{file}, line {line}: “{field}”: {why}"),
    "string_type": N_("{file}, line {line}: “{field}” is read as {value}, not as text; put quotes around it."),
    "other": N_("{file}, line {line}: “{field}” cannot be “{value}”."),
}


def refused(path: Path, said: str, **more: object) -> UserError:
    """Return the refusal of a file: ``said`` is a translated sentence with ``{file}`` in it."""
    file = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return UserError(said.format(file=file.as_posix(), **more))


def pick_known(name: str, known: Collection[str], problem: str) -> str:
    """Return ``name`` if it is known; else refuse it with the nearest name, if one is near, and all of them."""
    if name in known:
        return name
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    said = _("{problem} Did you mean “{near}”? There are: {names}.") if near else _("{problem} There are: {names}.")
    names = {"near": "".join(near), "names": _(", ").join(known)}
    raise UserError(said.format(problem=problem.format(name=shorten(name)), **names))


def read_text(path: Path) -> str:
    """Return what a text file holds, without blanks around it; a file that holds nothing is refused."""
    try:
        text = path.read_text("utf-8-sig").strip()
    except FileNotFoundError:
        raise refused(path, _("{file} is missing.")) from None
    except UnicodeDecodeError:
        raise refused(path, _("{file} is not saved as UTF-8.")) from None
    except OSError as refusal:
        raise refused(path, _("{file} cannot be read: {why}."), why=reason(refusal)) from None
    if not text:
        raise refused(path, _("{file} is empty."))
    return text


def read_yaml(path: Path, kind: type[T], text: str = "") -> T:
    """Return a YAML file as ``kind``, which may be a pydantic model or a list or dict of them.

    Args:
        text: what the file holds, if it has been read.
    """
    text = text or read_text(path)
    content = _content(path, text)
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as refusal:
        tree: Any = yaml.compose(text, Loader=STRICT)
        raise UserError(_sentence(path, tree, problem) for problem in refusal.errors()) from None


@lru_cache(maxsize=256)
def _content(path: Path, text: str) -> Any:
    """Return what a file holds, to be checked and not changed; the same text is parsed once."""
    return plain_yaml(path, text)


def read_named(path: Path, kind: type[N], name: str) -> N:
    """Return a YAML file as ``kind``; the name it gives itself must be ``name``."""
    part = read_yaml(path, kind)
    if part.name != name:
        said = _("{file}: its field “name” says “{found}”; it must say “{name}”, as the file is called.")
        raise refused(path, said, found=shorten(part.name), name=name)
    return part


def plain_yaml(path: Path, text: str = "") -> Any:
    """Return what a YAML file holds, whatever it is; what is not plain is refused.

    Args:
        text: what the file holds, if it has been read.
    """
    text, depth = text or read_text(path), 0
    try:
        for event in yaml.parse(text, Loader=STRICT):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise refused(path, _("{file}: its parts stand too deep within one another."))
            if isinstance(event, yaml.NodeEvent) and (event.anchor or getattr(event, "tag", None)):
                said = _("{file}, line {line}: YAML anchors, aliases and tags (&, *, !) are not read; quote the text.")
                raise refused(path, said, line=event.start_mark.line + 1 if event.start_mark else "?")
        return yaml.load(text, Loader=STRICT)
    except RepeatedKey as refusal:
        said = _("{file}, line {line}: “{field}” stands twice; a field may stand once, or the first would be lost.")
        line = refusal.problem_mark.line + 1 if refusal.problem_mark else "?"
        raise refused(path, said, line=line, field=shorten(refusal.problem)) from None
    except yaml.MarkedYAMLError as refusal:
        if refusal.problem_mark:
            said = _(
                "{file}, line {line}: this is not valid YAML; look for a missing colon or indent, and put quotes "
                "around a text with a comma, a colon, “?” or braces."
            )
            raise refused(path, said, line=refusal.problem_mark.line + 1) from None
        raise refused(path, _("{file} is not valid YAML.")) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise refused(path, _("{file} is not valid YAML.")) from None


def _sentence(path: Path, tree: yaml.Node, problem: ErrorDetails) -> str:
    field, line = _place(tree, problem["loc"])
    if not field and problem["type"] != "value_error":
        return str(refused(path, _("{file} does not hold the fields that belong in it.")))
    kind = "value_error_in" if problem["type"] == "value_error" and field else problem["type"]
    if kind == "string_type" and isinstance(problem["input"], dict | list | None):
        kind = "other" if problem["input"] else "string_too_short"
    said = _(REFUSALS.get(kind, REFUSALS["other"]))
    why = problem.get("ctx", {}).get("error", "")
    return str(refused(path, said, line=line, field=field, value=shorten(problem["input"]), why=why))


def _place(node: yaml.Node, loc: Sequence[int | str]) -> tuple[str, int]:
    """Return the name of a place in a file and its line: list members by their id, or else by number from 1.

    The end of ``loc`` may lie outside the file (a missing field), a step may be none of it (the kind chosen among
    several): the line is that of the nearest place that is there.
    """
    names, line = [], node.start_mark.line + 1
    for step in loc:
        name, found = str(step), None
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
            ids = (v.value for k, v in _fields(found) if k.value == "id" and isinstance(v, yaml.ScalarNode))
            name = next(ids, "") or str(step + 1)
        for key, value in _fields(node):
            if key.value == str(step):
                found, line = value, key.start_mark.line + 1
        if found is None and any(key.value in ("type", "kind") and value.value == step for key, value in _fields(node)):
            continue
        names.append(name)
        if found is not None:
            line, node = (found.start_mark.line + 1 if isinstance(step, int) else line), found
    return ".".join(names), line


def _fields(node: yaml.Node) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []
