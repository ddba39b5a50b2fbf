"""``crm exam export``: the whole bank for learning platforms, as questions or as pools of variants."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.cli.common import formats, languages
from crmlib.cli.exam import OnlyOwn, OwnBank, bank_of, exam


@exam.command()
def export(
    to: Annotated[
        str, typer.Option(help="moodle, qti, qti-feedback, gift, anki, xlsx, text, word, separated by commas")
    ] = "moodle",
    topic: Annotated[list[str] | None, typer.Option(help="only this topic; may be repeated")] = None,
    variants: Annotated[
        int, typer.Option(help="pools: so many variants of each drawn question, of which a platform draws one")
    ] = 0,
    seed: Annotated[int, typer.Option(help="draws the numbers; the same files for the same seed")] = 1,
    lang: Annotated[str, typer.Option(help="language of the questions: zh, en or both")] = "",
    own: OwnBank = None,
    only_own: OnlyOwn = False,
    out: Annotated[
        Path, typer.Option(help="folder to write to; what is there of these names is replaced", readable=False)
    ] = Path("out/bank"),
) -> None:
    """Write the whole question bank, or topics of it, with all keys, for a learning platform."""
    from crmlib.exams.exports import EXPORTS, left_out
    from crmlib.exams.whole import few, whole
    from crmlib.support.files import together

    langs = languages(lang)
    wanted = formats(to, tuple(EXPORTS))
    bank = bank_of(own, only_own)
    papers = [whole(bank, topic or [], seed, one, variants) for one in langs]
    stem = "pools" if variants else "bank"
    files = {
        f"{stem}-{paper.lang}-{end}": content
        for paper in papers
        for fmt in wanted
        for end, content in EXPORTS[fmt](paper)
    }
    with together(out, list(files)) as new:
        written = [new.write(name, content, replace=True) for name, content in files.items()]
    for path in written:
        typer.echo(path)
    for said in [*left_out(wanted, papers), *few(papers[0], variants)]:
        typer.echo(said, err=True)
