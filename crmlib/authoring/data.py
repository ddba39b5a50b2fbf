"""What the data sets of a chapter's studies still lack: file, dictionary, generator, and that they fit together."""

import re
from collections.abc import Iterator

from crmlib.authoring import quotas
from crmlib.authoring.folders import shown
from crmlib.chapters import Chapter
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _
from crmlib.core.paths import DATA
from crmlib.tables.data import dictionary, read
from crmlib.tables.scripts import maker_of, packaged, read_script, seeds


def lacks(chapter: Chapter) -> Iterator[str]:
    """Yield a translated sentence for each thing that the data of a chapter still lack."""
    for name in dict.fromkeys(name for study in chapter.studies for name in study.datasets):
        yield from _file(name)
    for script in dict.fromkeys(DATA / f"{recipe.script}.py" for recipe in chapter.recipes.values()):
        if not script.exists():
            yield _("{file} is missing: write what makes the data.").format(file=shown(script))
        elif read_script(script).variant is None:
            said = _("{file}: write variant(seed), so that each student of a class can have data of her own.")
            yield said.format(file=shown(script))


def _file(name: str) -> Iterator[str]:
    path, words = DATA / f"{name}.csv", DATA / f"{name}.yaml"
    if missing := [one for one in (path, words) if not one.exists()]:
        for file in missing:
            said = _("{file} is missing: a data set is a CSV file, a dictionary and a seeded script in data/.")
            yield said.format(file=shown(file))
        return
    yield from quotas.DATA_BYTES.lacks(shown(path), path.stat().st_size)
    found = maker_of(name)
    if found is None:
        yield _("{file}: no script in data/ makes it; name it in the tables() of one.").format(file=shown(path))
    elif found.to_csv(packaged(found.file)[name]).encode() != path.read_bytes():
        said = _("{file}: not what its generator makes; run {script}.")
        yield said.format(file=shown(path), script=shown(found.file))
    elif not all(seeds(found) & set(re.findall(r"\d+", dictionary(name).source[lang])) for lang in LANGUAGES):
        yield _("{file}: “source” must say the seed {seed}.").format(file=shown(words), seed=found.seed)
    try:
        read(path, name)
    except UserError as refusal:
        yield from (f"{shown(path)}: {problem}" for problem in refusal.problems)
