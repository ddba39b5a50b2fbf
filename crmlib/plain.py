"""Plain YAML, written by people, read into checked models: what is wrong is said in a sentence with file and place.

Plain means fields, lists and values. Tags are refused, and anchors too, which a few lines can unfold without end.
"""

from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from crmlib.errors import UserError
from crmlib.i18n import N_, _
from crmlib.inputs import shorten
from crmlib.paths import ROOT


class Named(Protocol):
    """What has a name of its own in its file."""

    @property
    def name(self) -> str:
        """The name, as its file is called."""
        ...


T = TypeVar("T")
N = TypeVar("N", bound=Named)

DEEPEST = 20
"""How deep brackets may stand within one another: each level costs the parser more time and stack."""

REFUSALS = {
    "missing": N_("{file}: “{field}” is missing."),
    "string_too_short": N_("{file}: “{field}” is empty."),
    "extra_forbidden": N_("{file}: there is no field “{field}”."),
    "value_error": N_("{file}: {why}"),
    "other": N_("{file}: “{field}” cannot be “{value}”."),
}


def refused(path: Path, said: str, **more: object) -> UserError:
    """Return the refusal of a file: ``said`` is a translated sentence with ``{file}`` in it."""
    file = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return UserError(said.format(file=file.as_posix(), **more))


def read_text(path: Path) -> str:
    """Return what a text file holds, without blanks around it; a file that holds nothing is refused."""
    try:
        text = path.read_text("utf-8-sig").strip()
    except FileNotFoundError:
        raise refused(path, _("{file} is missing.")) from None
    except UnicodeDecodeError:
        raise refused(path, _("{file} is not saved as UTF-8.")) from None
    except OSError as refusal:
        raise refused(path, _("{file} cannot be read: {why}."), why=refusal.strerror) from None
    if not text:
        raise refused(path, _("{file} is empty."))
    return text


def read_yaml(path: Path, kind: type[T]) -> T:
    """Return a YAML file as ``kind``, which may be a pydantic model or a list or dict of them."""
    content = _parsed(path)
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as refusal:
        raise UserError(_sentence(path, problem) for problem in refusal.errors()) from None


def read_named(path: Path, kind: type[N], name: str) -> N:
    """Return a YAML file as ``kind``; the name it gives itself must be ``name``."""
    part = read_yaml(path, kind)
    if part.name != name:
        said = _("{file}: its field “name” says “{found}”; it must say “{name}”, as the file is called.")
        raise refused(path, said, found=shorten(part.name), name=name)
    return part


def _parsed(path: Path) -> Any:
    text, depth = read_text(path), 0
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            depth += isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken)
            depth -= isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken)
            if depth > DEEPEST:
                raise refused(path, _("{file}: brackets stand too deep within one another."))
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
                said = _("{file}, line {line}: YAML anchors, aliases and tags (&, *, !) are not read; quote the text.")
                raise refused(path, said, line=token.start_mark.line + 1)
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as refusal:
        if refusal.problem_mark:
            said = _("{file}, line {line}: this is not valid YAML; look for a missing colon, quote or indent.")
            raise refused(path, said, line=refusal.problem_mark.line + 1) from None
        raise refused(path, _("{file} is not valid YAML.")) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise refused(path, _("{file} is not valid YAML.")) from None


def _sentence(path: Path, problem: ErrorDetails) -> str:
    field = ".".join(str(at + 1 if isinstance(at, int) else at) for at in problem["loc"])
    if not field and problem["type"] != "value_error":
        return str(refused(path, _("{file} does not hold the fields that belong in it.")))
    said = _(REFUSALS.get(problem["type"], REFUSALS["other"]))
    why = problem.get("ctx", {}).get("error", "")
    return str(refused(path, said, field=field, value=shorten(problem["input"]), why=why))
