"""Build the notebooks: one MyST source a chapter or case, its text tagged zh or en, into an executed notebook each.

``notebooks/src/02_tiers.md`` becomes ``notebooks/zh/02_tiers.ipynb`` and ``notebooks/en/02_tiers.ipynb``: identical
code cells, the text of one language, outputs stored. :func:`check` finds what is stale, untranslated or not executed.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from crmlib import casebook
from crmlib.casebook import CASE, case, cases
from crmlib.chapters import chapter_in, chapters
from crmlib.chapters.studies import STUDIES
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, NAMES, TAGS, _, other, speaking
from crmlib.core.paths import CASEBOOK, DATA, NOTEBOOKS, ROOT, SOURCES
from crmlib.notebooks import catalogue, contents, kernels
from crmlib.notebooks.jupyter import NotebookNode, as_text, assembled, nbformat, new_cell
from crmlib.support.files import atomic_write
from crmlib.support.strict_yaml import pick_known
from crmlib.support.texts import title

LONGEST = 300
"""Seconds a notebook may take."""
CHECKED = ROOT / ".crm-checked"
"""Holds the :func:`mark` of what was last found to be as its cells say, so that it is not executed again."""
LARGEST = 300_000
"""Bytes a stored notebook may have."""
OPEN = "open"
"""The tag of a code cell whose code is worth reading; that of the others is folded away."""
NAV = "nav"
"""The tag of head and foot, which a page made from a notebook does without."""
EXPLORER = "explorer"
"""The tag of the first explorer, which a student can go to at once."""
EXPLORES = re.compile(r"\bexplorers\b")
"""What the first cell with an explorer imports."""
MIXUPS = 'from crmlib.learning.mixups import mixups\n\nmixups("{topic}")'
"""The cell below the title of a chapter: what the student mixes up of the chapters before."""
BUTTON = '<button value="{value}">{label}</button>'


def sources() -> list[Path]:
    """Return the sources of all notebooks, in order."""
    return sorted(SOURCES.glob("*.md"))


def target(source: Path, lang: str) -> Path:
    """Return where the notebook built from ``source`` in a language lies."""
    return NOTEBOOKS / lang / f"{source.stem}.ipynb"


def read_source(source: Path) -> NotebookNode:
    """Return the cells of a source in both languages, to be read and not changed."""
    return _cells(source.read_text("utf-8"))


@lru_cache(maxsize=64)
def _cells(text: str) -> NotebookNode:
    """Return the cells of a source; the same text is taken apart once."""
    import jupytext

    read: NotebookNode = jupytext.reads(text, ".md")
    return read


def assemble(source: Path, lang: str) -> Any:
    """Return the notebook of one language, not yet executed.

    Text cells of the other language fall away; the table of contents goes where its mark stands. In a code cell tagged
    ``parameters``, ``# scenario of CASE`` becomes the choice of a scenario, ``# inputs of STUDY`` a line for each
    declared input, unset, with its default beside it.

    Raises:
        UserError: a text cell carries no language, or has no counterpart in the other one.
    """
    read = read_source(source)
    if problems := list(untranslated(source.name, read)):
        raise UserError(problems)
    code = [cell for cell in read.cells if cell.cell_type == "code"]
    first = next((cell for cell in code if EXPLORES.search(cell.source)), None)
    cells = [new_cell("markdown", _head(source, lang, explorer=first is not None), tags=[NAV])]
    for cell in read.cells:
        if cell.cell_type == "code":
            tags = [*cell.metadata.get("tags", []), *([EXPLORER] if cell is first else [])]
            cells.append(new_cell("code", _parameters(cell), **_shown(tags)))
        elif lang in cell.metadata.get("tags", []):
            said = contents.filled(cell.source, lang, source.stem)
            cells.append(new_cell("markdown", said, **_tagged(set(cell.metadata["tags"]) - {lang})))
    if (chapter := chapter_in(source.stem)) and chapter.notebook == source.stem:
        cells.insert(2, new_cell("code", MIXUPS.format(topic=chapter.topic), **_shown([])))
    cells.append(new_cell("markdown", _foot(source, lang), tags=[NAV]))
    return assembled(cells, source.stem)


def _tagged(tags: Iterable[str]) -> dict[str, Any]:
    return {"tags": list(tags)} if tags else {}


def _shown(tags: list[str]) -> dict[str, Any]:
    """Return a code cell's metadata: its code is folded away, but for a cell whose code is what it teaches."""
    return _tagged(tags) | ({} if OPEN in tags else {"jupyter": {"source_hidden": True}})


def reading_order() -> list[Path]:
    """Return the sources in the order in which they are read: after each chapter its cases and its game."""
    of_chapter: dict[str, list[str]] = {}
    for name in cases():
        of_chapter.setdefault(case(name).chapter, []).append(f"{CASE}{name}")
    for chapter in chapters().values():
        of_chapter.setdefault(chapter.notebook, []).extend(source.stem for source in contents.games(chapter.topic))
    own = [source for source in sources() if not source.stem.startswith((CASE, contents.GAME))]
    stems = [stem for source in own for stem in (source.stem, *of_chapter.get(source.stem, []))]
    return [SOURCES / f"{stem}.md" for stem in stems]


def _neighbours(source: Path) -> tuple[Path | None, Path | None]:
    order = reading_order()
    at = order.index(source) if source in order else len(order)
    return (order[at - 1] if 0 < at < len(order) else None, order[at + 1] if at + 1 < len(order) else None)


def _head(source: Path, lang: str, *, explorer: bool) -> str:
    """Return the first cell: the pages before and after, the contents, this page in the other language, and buttons.

    The buttons work in JupyterLab (``classroom/labextensions``); elsewhere they are mere words.
    """
    before, after = _neighbours(source)
    there = other(lang)
    with speaking(lang):
        links = [_link(_("← Previous"), before), _contents(), _link(_("Next →"), after)]
        buttons = [BUTTON.format(value="crm:start", label=_("▶ Start"))]
        if explorer:
            buttons.append(BUTTON.format(value=f"crm:start {EXPLORER}", label=_("▶ Try it first")))
    links.append(f'<a href="../{there}/{source.stem}.ipynb" hreflang="{TAGS[there]}">{NAMES[there]}</a>')
    return f"{' · '.join(filter(None, links))}\n\n{' '.join(buttons)}"


def _foot(source: Path, lang: str) -> str:
    """Return the last cell: where to go on."""
    before, after = _neighbours(source)
    with speaking(lang):
        contents = _contents()
    links = [
        _link(f"← {title(before, lang)}", before) if before else "",
        contents,
        _link(f"{title(after, lang)} →", after) if after else "",
    ]
    return f"---\n\n{' · '.join(filter(None, links))}"


def _link(text: str, source: Path | None) -> str:
    return f"[{text}]({source.stem}.ipynb)" if source else ""


def _contents() -> str:
    return _link(_("Contents"), SOURCES / "00_start.md")


def _parameters(cell: NotebookNode) -> str:
    """Return the source of a code cell; a parameters cell gets its assignments from the study's declaration."""
    if "parameters" not in cell.metadata.get("tags", []):
        return str(cell.source)
    lines: list[str] = []
    for line in cell.source.splitlines():
        what, _of, name = line.removeprefix("# ").partition(" of ")
        if what == "scenario":
            found = casebook.case(name.strip()).order
            lines.append(f'scenario: str = "{found[0]}"  # {", ".join(found)}')
        elif what == "inputs":
            name = pick_known(name.strip(), STUDIES, _("There is no study “{name}”."))
            settings = STUDIES[name].inputs.settings()
            lines += [f"{s.name}: {s.kind.__name__} = None  # {s.default!r}" for s in settings]
        else:
            lines.append(line)
    return "\n".join(lines)


def untranslated(name: str, read: NotebookNode) -> Iterator[str]:
    """Yield a sentence for each text cell without a language, and each stretch where zh and en do not match.

    Between two code cells both languages must have as many text cells, with headings of the same levels.
    """
    for cells in stretches(read):
        shapes: dict[str, list[list[int]]] = {lang: [] for lang in LANGUAGES}
        for cell in cells:
            spoken = [lang for lang in LANGUAGES if lang in cell.metadata.get("tags", [])]
            if len(spoken) != 1:
                yield _("{file}: this text has no language tag: “{text}”.").format(file=name, text=cell.source[:40])
                continue
            shapes[spoken[0]].append(_headings(cell.source))
        if shapes["zh"] != shapes["en"]:
            yield _("{file}: zh and en do not match after “{text}”.").format(file=name, text=cells[0].source[:40])


def stretches(read: NotebookNode) -> Iterator[list[NotebookNode]]:
    """Yield the text cells of a source that stand together, without a code cell between them."""
    for is_text, stretch in groupby(read.cells, lambda cell: cell.cell_type == "markdown"):
        if is_text:
            yield list(stretch)


def _headings(text: str) -> list[int]:
    return [len(line) - len(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")]


@dataclass(frozen=True)
class Building:
    """One notebook to build."""

    source: Path
    lang: str

    @property
    def folder(self) -> Path:
        """Where the kernel works: the notebook's folder."""
        return target(self.source, self.lang).parent

    @property
    def name(self) -> str:
        """What the notebook is called, with its language."""
        return f"{self.lang}/{self.source.stem}.ipynb"


def executed(jobs: Sequence[Building]) -> Iterator[tuple[Building, str]]:
    """Execute notebooks side by side; yield each with its text, as it is done.

    Raises:
        UserError: a sentence for each notebook whose text does not match, with a cell that failed, or too large. It is
            raised when the others are done.
    """
    refusals: list[str] = []
    works: list[kernels.Ready] = []
    for job in jobs:
        try:
            works.append(kernels.Ready(assemble(job.source, job.lang), job.folder, job.lang))
        except UserError as refusal:
            refusals += refusal.problems
        job.folder.mkdir(exist_ok=True)
    if refusals:
        raise UserError(dict.fromkeys(refusals))
    with kernels.running(works, kernels.cores(), LONGEST) as ended:
        for number, notebook in ended:
            job = jobs[number]
            if isinstance(notebook, UserError):
                refusals += [f"{job.name}: {problem}" for problem in notebook.problems]
            elif (size := len((text := as_text(notebook)).encode())) > LARGEST:
                said = _("{file}: {size:,} bytes, more than the {most:,} a stored notebook may have.")
                refusals.append(said.format(file=job.name, size=size, most=LARGEST))
            else:
                yield job, text
    if refusals:
        raise UserError(refusals)


def build(jobs: Sequence[Building]) -> Iterator[Building]:
    """Assemble, execute and store notebooks; yield each as it is stored. One with a cell that fails is not stored.

    Raises:
        UserError: interface text is not translated, and then nothing is built; or as :func:`executed`.
    """
    if problems := list(catalogue.problems()):
        raise UserError(problems)
    for job, text in executed(jobs):
        atomic_write(target(job.source, job.lang), text)
        yield job


def stale(jobs: Sequence[Building]) -> Iterator[str]:
    """Execute notebooks, and yield a sentence for each whose stored outputs are not what its cells say now.

    Raises:
        UserError: as :func:`executed`.
    """
    for job, text in executed(jobs):
        if target(job.source, job.lang).read_text("utf-8") != text:
            said = _("{file}: a model, chart, table or translation has changed since it was built; run “crm build”.")
            yield said.format(file=job.name)


def mark() -> str:
    """Return a hash of all that the stored notebooks depend on, and of themselves."""
    digest = hashlib.sha256()
    for folder in (ROOT / "crmlib", DATA, CASEBOOK, NOTEBOOKS):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not {"__pycache__", "mine", ".ipynb_checkpoints"} & set(path.parts):
                digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def check(source: Path, lang: str) -> Iterator[str]:
    """Yield a sentence for each way in which a stored notebook is not what its source says."""
    try:
        wanted = assemble(source, lang)
    except UserError as refusal:
        yield from refusal.problems
    else:
        yield from unlike(wanted, source, lang)


def unlike(wanted: Any, source: Path, lang: str) -> Iterator[str]:
    """Yield a sentence for each way in which a stored notebook is not what has been assembled from its source."""
    path = target(source, lang)
    file = path.relative_to(NOTEBOOKS.parent).as_posix()
    if not path.exists():
        yield _("{file}: not built yet; run “crm build”.").format(file=file)
        return
    stored = nbformat.read(path, as_version=4)
    if [(c.cell_type, c.source, c.id) for c in stored.cells] != [(c.cell_type, c.source, c.id) for c in wanted.cells]:
        yield _("{file}: older than its source; run “crm build”.").format(file=file)
    code = [c for c in stored.cells if c.cell_type == "code"]
    if [c.execution_count for c in code] != list(range(1, len(code) + 1)):
        yield _("{file}: some cells were not executed in order; run “crm build”.").format(file=file)
    if any(o.output_type == "error" for c in code for o in c.outputs):
        yield _("{file}: a cell ended in an error.").format(file=file)
    if "widgets" in stored.metadata:
        yield _("{file}: widget state is stored; run “crm build”.").format(file=file)
    if path.stat().st_size > LARGEST:
        yield _("{file}: larger than {most:,} bytes.").format(file=file, most=LARGEST)
