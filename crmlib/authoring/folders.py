"""Where the parts of a chapter lie. Imports none of them, so that a broken chapter can be spoken of."""

import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from crmlib.core.i18n import N_, _
from crmlib.core.paths import CASEBOOK, ROOT

NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
"""What a chapter or a case may be called in files and commands."""
CHAPTERS = ROOT / "crmlib" / "chapters"
ASKED = ROOT / "crmlib" / "learning"
TESTS = ROOT / "tests"
CHAPTER = N_("the chapter's number, studies and class sheets, as CHAPTER")
PARTS: Mapping[Path, str] = {
    CHAPTERS / "{topic}" / "__init__.py": N_("a docstring that says which chapter it is"),
    CHAPTERS / "{topic}" / "chapter.py": CHAPTER,
    CHAPTERS / "{topic}" / "models" / "__init__.py": N_("the models: inputs, formulas and a study a file"),
    CHAPTERS / "{topic}" / "charts" / "__init__.py": N_("the charts: a result in, a chart out"),
    CHAPTERS / "{topic}" / "explorers.py": N_("the explorers: which charts belong together"),
    CHAPTERS / "{topic}" / "exercises.py": N_("the generators of the exercises"),
    ASKED / "{topic}.py": N_("how a notebook asks the exercises, and the guess that opens the chapter"),
    CASEBOOK / "items" / "{topic}.yaml": N_("the topic's items, in Chinese and English"),
    CASEBOOK / "summaries" / "{topic}.yaml": N_("formulas, and pairs of notions that are easily mixed up"),
    CASEBOOK / "challenges" / "{topic}.yaml": N_("what a student is asked to bring about with the explorers"),
    TESTS / "oracles_{topic}.py": N_("the key of each exercise once more, by arithmetic of its own"),
    TESTS / "test_models_{topic}.py": N_("a test of each formula against a published figure or one worked by hand"),
}
"""The files that every chapter has, with what belongs in them."""


@contextmanager
def whole() -> Iterator[list[Path]]:
    """Write all or nothing: the files put into the list are taken away again where something stops it, Ctrl-C too."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        for path in sorted({parent for path in made for parent in path.parents}, key=lambda path: -len(path.parts)):
            if path.is_relative_to(ROOT) and path.exists() and not any(path.iterdir()):
                path.rmdir()
        raise


def topics() -> list[str]:
    """Return the names of the folders of chapters."""
    return sorted(
        path.name for path in CHAPTERS.iterdir() if path.is_dir() and path.name.isidentifier() and path.name[0] != "_"
    )


def parts(topic: str) -> dict[Path, str]:
    """Return the files that a chapter has, with what belongs in each, translated."""
    return {Path(str(path).format(topic=topic)): _(what) for path, what in PARTS.items()}


def shown(path: Path) -> str:
    """Return a file as it is called in a sentence."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def broken(topic: str) -> Iterator[str]:
    """Yield a translated sentence if a chapter cannot be imported; nothing more can be said of it then."""
    chapter = CHAPTERS / topic / "chapter.py"
    if not chapter.exists():
        yield _("{file} is missing: write {what}.").format(file=shown(chapter), what=_(CHAPTER))
        return
    for name in (f"crmlib.chapters.{topic}.chapter", f"crmlib.chapters.{topic}.explorers"):
        try:
            import_module(name)
        except Exception as fault:
            where = [frame for frame in traceback.extract_tb(fault.__traceback__) if str(ROOT) in frame.filename]
            line, file = (where[-1].lineno, Path(where[-1].filename)) if where else (0, chapter)
            said = _("{file}, line {line}: the chapter cannot be imported ({why}); mend that first.")
            yield said.format(file=shown(file), line=line, why=f"{type(fault).__name__}: {fault}")
            return
