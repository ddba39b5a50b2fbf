"""``crm site``: the book as pages that a browser opens, nothing to install."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmlib.cli.common import Lang, app, speak
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from crmlib.site.lite import Lab


@app.command()
def site(
    topics: Annotated[list[str] | None, typer.Argument(help="chapters, such as tiers; all of them if none")] = None,
    out: Annotated[Path, typer.Option(help="folder to write to", readable=False)] = Path("out/site"),
    whole_plotly: Annotated[
        bool, typer.Option("--whole-plotly", help="leave plotly.js whole, four times as large; needs no npm")
    ] = False,
    still: Annotated[
        bool,
        typer.Option(
            "--still", help="explorers do not move, and of each case there is its base alone; built in seconds"
        ),
    ] = False,
    lite: Annotated[
        bool,
        typer.Option(
            "--lite", help="the notebooks too, to change code in the browser; they need a website and --pyodide"
        ),
    ] = False,
    pyodide: Annotated[
        Path | None,
        typer.Option(help="for --lite: the folder in which a release of Pyodide was unpacked", readable=False),
    ] = None,
    lang: Lang = "",
) -> None:
    """Write the book as pages for a browser, in both languages; they need no server, no Python and no network."""
    from crmlib.chapters import chapters
    from crmlib.chapters.studies import STUDIES
    from crmlib.plotting.partial import Uncut
    from crmlib.site import build
    from crmlib.support.strict_yaml import pick_known

    speak(lang)
    if pyodide and not lite:
        raise UserError(_("--pyodide is of use with --lite alone; give both or neither."))
    lab = _lab(pyodide) if lite else None
    only = [pick_known(topic, chapters(), _("There is no chapter “{name}”.")) for topic in topics or []]
    try:
        build.write(out, only, not whole_plotly, () if still else STUDIES, typer.echo, not still, lab)
    except Uncut as refusal:
        raise UserError(_("{why} With --whole-plotly it is left whole.").format(why=refusal)) from None
    typer.echo(_("Open {file} in a browser.").format(file=out / "index.html"))


def _lab(pyodide: Path | None) -> "Lab":
    """Return what the JupyterLab beside the pages is like: as a student meets it elsewhere."""
    from crmlib.classroom import lab
    from crmlib.site.lite import Lab
    from crmlib.site.pyodide import to_be_had

    if pyodide is None:
        raise UserError(to_be_had(_("--lite needs Pyodide, which is not on the package index.")))
    return Lab(pyodide, {lang: lab.overrides(lang) for lang in LANGUAGES}, lab.EXTENSIONS, lab.UNUSED)
