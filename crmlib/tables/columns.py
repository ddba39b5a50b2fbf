"""Which column of a user's file is meant by which column of a data set, where the names differ.

A name is known by the code of the dictionary, its meaning in either language and its aliases, however it is spelt:
case, spaces, underscores, full-width signs and traditional characters do not count. Nothing is mapped unasked;
:func:`propose` says what could be, and the user says yes.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Literal, NamedTuple
from unicodedata import normalize

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import shorten
from crmlib.tables.dictionary import Column, dictionary, heading
from crmlib.tables.traditional import simplified
from crmlib.tables.units import named, own_names, times

AUTO = "auto"
"""In place of a mapping: use what :func:`propose` proposes."""
NEAR = 0.75
"""How alike two names must be for one to be proposed for the other: share of their letters, 0 to 1."""
NUMBERED = re.compile(r"^\s*[Qq]?[0-9]{1,3}\s*[.、:：)）_\s]\s*")
"""The number that a survey tool puts before a question."""
LOOKED_AT = 200
"""Among how many unknown columns a near spelling is looked for."""

CERTAINTY = {
    "exact": N_("the very name"),
    "name": N_("the same name, spelt or put otherwise"),
    "near": N_("a name that looks like it"),
}


class Match(NamedTuple):
    """A column of the file for a wanted one, and how certain that is: a key of :data:`CERTAINTY`."""

    column: str
    certainty: Literal["exact", "name", "near"]


class Spelling(NamedTuple):
    """A column's name without what people write differently, and the unit it gives."""

    name: str
    unit: str


@lru_cache(10_000)
def bare_name(name: str) -> str:
    """Return a name without case, width, spaces and punctuation, in simplified Chinese.

    >>> bare_name("Debt_Ratio"), bare_name("ｄｅｂｔ ratio")
    ('debtratio', 'debtratio')
    """
    return re.sub(r"[\W_]+", "", simplified(normalize("NFKC", name[:200])).casefold())


@lru_cache(10_000)
def spelling(header: str) -> Spelling:
    """Return a header's plain name and the unit it gives, "" if it gives none; see :func:`crmlib.tables.units.named`.

    >>> spelling("年销售额（万元）")
    Spelling(name='年销售额', unit='万元')
    """
    name, unit = named(simplified(header))
    return Spelling(bare_name(name), unit)


@cache
def known_as(dataset: str, column: str) -> frozenset[str]:
    """Return the plain names by which a column of a data set is known."""
    spec = dictionary(dataset).columns[column]
    names = [column, *spec.meaning.values(), *(alias for some in spec.aliases.values() for alias in some)]
    return frozenset({bare_name(name) for name in names} | {spelling(name).name for name in names})


def recognised(header: Iterable[str], dataset: str) -> int:
    """Return how many columns of a data set a header names; the very names count a little more than others."""
    found = set(header)
    exact = found & set(dictionary(dataset).columns)
    names = {form for name in found for form in (bare_name(name), spelling(name).name)}
    return len(exact) + 100 * sum(not names.isdisjoint(known_as(dataset, c)) for c in dictionary(dataset).columns)


def unit_differs(header: str, spec: Column) -> bool:
    """Tell whether a header gives a number's unit that is not the dictionary's.

    Money in yuan must not slip in as 10,000 yuan, nor a percentage as a ratio.
    """
    if spec.type not in ("number", "integer") or not (said := spelling(header).unit):
        return False
    meant = {spelling(meaning).unit for meaning in spec.meaning.values()} | own_names(spec)
    return said not in meant and times(said, spec) != 1


def propose(header: Sequence[str], dataset: str, told: Collection[str] = ()) -> dict[str, Match]:
    """Return for each column of a data set the column of a file that is meant by it, where that is clear.

    One column for one; where two fit equally well none is proposed. A column whose unit differs is never proposed,
    but for those of which the unit is ``told``.

    >>> propose(["firm_id", "年销售额（万元）", "Deposit", "总资产（元）"], "bank_loans")["sales"]
    Match(column='年销售额（万元）', certainty='name')
    """
    columns = dictionary(dataset).columns
    found = {name: Match(name, "exact") for name in columns if name in header}
    wanted = [name for name in columns if name not in found]
    free = [name for name in dict.fromkeys(header) if name not in found][:LOOKED_AT]
    for certainty, least in (("name", 1.0), ("near", NEAR)):
        scores = {
            (want, name): score
            for want in wanted
            for name in free
            if (want in told or not unit_differs(name, columns[want]))
            and (score := likeness(name, dataset, want)) >= least
        }
        found |= {want: Match(name, certainty) for want, name in _clear_best(scores)}  # type: ignore[arg-type]
        settled = {want for want, _name in scores} if certainty == "name" else set()
        wanted = [want for want in wanted if want not in settled]
        free = [name for name in free if name not in {match.column for match in found.values()}]
    return {name: found[name] for name in columns if name in found}


def likeness(header: str, dataset: str, column: str) -> float:
    """Return how much a header looks like the name of a column, 0 to 1; 1 is one of its names."""
    ours, names = spelling(header).name, known_as(dataset, column)
    if not names.isdisjoint((ours, bare_name(header))):
        return 1.0
    asked = bare_name(NUMBERED.sub("", header))
    if held := max((len(name) for name in names if len(name) >= _least(name) and name in asked), default=0):
        return NEAR + (1 - NEAR) * held / (len(asked) + 1)
    return max(_ratio(ours[:80], name) for name in names)


def _least(name: str) -> int:
    """Return how long a name must be to be looked for within a question: fewer signs say enough in Chinese."""
    return 12 if name.isascii() else 4


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    quick = matcher.real_quick_ratio()
    return min(matcher.ratio(), 0.999) if quick >= NEAR and matcher.quick_ratio() >= NEAR else 0.0


def _clear_best(scores: Mapping[tuple[str, str], float]) -> list[tuple[str, str]]:
    """Return the pairs that are better than every other pair of either of their sides."""
    sides: dict[tuple[int, str], list[float]] = defaultdict(list)
    for (want, name), score in scores.items():
        sides[0, want].append(score)
        sides[1, name].append(score)

    def unrivalled(side: tuple[int, str], score: float) -> bool:
        return [rival for rival in sides[side] if rival >= score] == [score]

    return [(w, n) for (w, n), score in scores.items() if unrivalled((0, w), score) and unrivalled((1, n), score)]


def parse(pairs: Iterable[str]) -> dict[str, str] | str | None:
    """Return the mapping that options ``wanted=theirs`` give, :data:`AUTO` for the one word, None for no option.

    Raises:
        DataError: an option is neither, or a column comes twice.
    """
    options = list(pairs)
    if AUTO in options and len(options) > 1:
        raise DataError(_("Either “auto” or columns one by one, not both."))
    if not options or options == [AUTO]:
        return AUTO if options else None
    mapping: dict[str, str] = {}
    for option in options:
        wanted, equals, theirs = (part.strip() for part in option.partition("="))
        if not (wanted and equals and theirs):
            raise DataError(_("“{option}” is not of the form wanted=theirs.").format(option=shorten(option)))
        if wanted in mapping:
            raise DataError(_("The column “{column}” is given twice.").format(column=shorten(wanted)))
        mapping[wanted] = theirs
    return mapping


def told(pairs: Iterable[str], datasets: Sequence[str]) -> dict[str, Mapping[str, str] | str | None]:
    """Return the mapping that options give for each of several data sets that the user has files for.

    ``wanted=theirs`` goes to every data set that has the column, ``name.wanted=theirs`` to the one of that name.

    Raises:
        DataError: as :func:`parse` does, or none of the data sets has such a column.
    """
    given = parse(pairs)
    if given and not datasets:
        raise DataError(_("“--map” is about columns of your own file; name the file with “--data”."))
    if not isinstance(given, Mapping):
        return dict.fromkeys(datasets, given)
    return {name: mapping or None for name, mapping in dealt(given, datasets).items()}


def dealt(given: Mapping[str, str], datasets: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what is said of columns, for each data set that has the column; ``name.column`` is for one of them only.

    Raises:
        DataError: none of the data sets has such a column.
    """
    known = {name: dictionary(name).columns for name in datasets}
    found: dict[str, dict[str, str]] = {name: {} for name in datasets}
    for option, value in given.items():
        of, _dot, wanted = option.rpartition(".")
        if not (takers := [name for name in datasets if of in ("", name) and wanted in known[name]]):
            names = _(", ").join(dict.fromkeys(column for columns in known.values() for column in columns))
            said = _("There is no column “{column}” to be mapped; there are: {names}.")
            raise DataError(said.format(column=shorten(option), names=names))
        for name in takers:
            found[name][wanted] = value
    return found


def options(mapping: Mapping[str, str] | str | None) -> list[str]:
    """Return the options that :func:`parse` reads as the mapping."""
    if isinstance(mapping, Mapping):
        return [f"{want}={theirs}" for want, theirs in mapping.items()]
    return [mapping] if mapping else []


def checked(
    mapping: Mapping[str, str] | str | None, header: Sequence[str], dataset: str, told: Collection[str] = ()
) -> dict[str, str]:
    """Return the mapping (wanted column → column of the file) to be used on a file, without the very names.

    Args:
        mapping: as the user gives it; :data:`AUTO` uses the proposal, None nothing. Where the dictionary lets a column
            go by any of its names, those are used too.
        header: the columns of the file.
        dataset: name of the data set.
        told: columns of which the user has told the unit.

    Raises:
        DataError: a sentence for each name that is not there, taken twice, or taken already.
    """
    if mapping is None:
        return _by_name(header, dataset)
    if isinstance(mapping, str):
        if mapping != AUTO:
            raise DataError(_("A mapping is “auto”, or names a column of the file for each wanted one."))
        return {want: m.column for want, m in propose(header, dataset, told).items() if m.certainty != "exact"}
    problems = list(_misfits(mapping, header, dataset))
    if problems:
        raise DataError(problems)
    others = {want: name for want, name in _by_name(header, dataset).items() if name not in mapping.values()}
    return {want: theirs for want, theirs in (others | dict(mapping)).items() if want != theirs}


def _by_name(header: Sequence[str], dataset: str) -> dict[str, str]:
    """Return what goes by another of its names, where the dictionary lets it or the file is a template of ours."""
    if not dictionary(dataset).by_any_name:
        columns = dictionary(dataset).columns
        ours = {heading(dataset, want): want for want in columns}
        found = {ours[name]: name for name in header if name in ours and ours[name] not in header}
        whole = all(want in found for want, spec in columns.items() if spec.required)
        return found if whole else {}
    return {want: match.column for want, match in propose(header, dataset).items() if match.certainty == "name"}


def _misfits(mapping: Mapping[str, str], header: Sequence[str], dataset: str) -> Iterable[str]:
    """Yield what is wrong with a mapping for a file, a sentence each."""
    columns = dictionary(dataset).columns
    for want, theirs in mapping.items():
        facts = {"want": shorten(want), "theirs": shorten(theirs), "dataset": dataset}
        if want not in columns:
            yield _("The data set “{dataset}” has no column “{want}”.").format(**facts)
        elif theirs not in header:
            said = _("The file has no column “{theirs}”; it has: {header}.")
            yield said.format(**facts, header=_(", ").join(shorten(name) for name in header[:50]))
        elif want != theirs and want in header and want not in mapping.values():
            yield _("The file has a column “{want}” already; “{theirs}” cannot stand for it too.").format(**facts)
    for theirs in {theirs for theirs in mapping.values() if list(mapping.values()).count(theirs) > 1}:
        yield _("The column “{theirs}” is to stand for two columns; it can stand for one.").format(
            theirs=shorten(theirs)
        )
