"""What a sweep writes: its table, and beside it a page with charts, what the columns mean and what was kept."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from crmlib.core.errors import UserError
from crmlib.core.i18n import _, language
from crmlib.core.inputs import Setting
from crmlib.plotting import sweep as charts
from crmlib.plotting.theme import Chart
from crmlib.reruns.page import PAGE_STYLE, chart_figure, document, provenance
from crmlib.support.files import folder, written
from crmlib.support.html_table import html
from crmlib.support.markup import filled
from crmlib.sweeps.grid import Grid
from crmlib.sweeps.sweep import AND, column, figures
from crmlib.tables import data

FORMATS = (".csv", ".parquet")
PANELS = """
body { max-width: 76rem; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(27rem, 100%), 1fr)); gap: 0 1.5rem; }
main > * { grid-column: 1 / -1; min-width: 0; } main > .panel { grid-column: auto; }
@media print { main { display: block; } }
"""
MANY = 6
"""Inputs that are still named one by one in the page's first sentence."""
REASONS = 20
"""Reasons of refusals that the page lists; the table has every one."""


def checked_place(out: Path) -> Path:
    """Return a sweep's file once it is sure that it can be written; its folder is made.

    Raises:
        UserError: its name does not say how to write it, it is a folder, or its folder cannot be written to.
    """
    if out.suffix.lower() not in FORMATS:
        said = _("{file}: the name must end in one of {formats}, which says how the table is written.")
        raise UserError(said.format(file=out, formats=_(", ").join(FORMATS)))
    if out.is_dir():
        raise UserError(_("{file} is a folder; name a file.").format(file=out))
    folder(out.parent)
    return out


def write(frame: pd.DataFrame, page: str, out: Path) -> list[Path]:
    """Write a sweep's table and the page beside it, whole or not at all; return the files.

    Raises:
        UserError: a file cannot be written.
    """
    content = data.csv_text(frame) if out.suffix.lower() == ".csv" else parquet(frame)
    return [written(out, content), written(out.with_suffix(".html"), page)]


def parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as a Parquet file."""
    import tempfile

    import fastparquet

    with tempfile.TemporaryDirectory(prefix="crm-") as place:
        path = Path(place) / "table.parquet"
        fastparquet.write(str(path), frame, compression="SNAPPY", write_index=False)
        return path.read_bytes()


# The page -------------------------------------------------------------------------------------------------------------


def page(
    agreed: Grid,
    prepared: Any,
    frame: pd.DataFrame,
    title: str,
    shown: Sequence[str],
    sources: Iterable[str] = (),
    notes: Sequence[str] = (),
) -> str:
    """Return the page.

    Args:
        agreed: the sweep.
        prepared: the data, prepared; the runs of the tornado need them.
        frame: the sweep's table.
        title: of the page.
        shown: headline figures to draw.
        sources: a line on each data set, for the foot.
        notes: how own data were read, for the foot.
    """
    drawn, told = _charts(agreed, prepared, frame, shown)
    tables = {
        _("The figures over all scenarios"): html(_spread(agreed, frame, shown)),
        _("Why scenarios were refused"): html(_reasons(frame)) if frame["problem"].any() else "",
        _("What the columns hold"): html(_columns(agreed)),
    }
    body = filled(
        Path(__file__).with_suffix(".html"),
        title=title,
        told=[_summary(agreed, frame), *told],
        charts=[Markup(chart_figure(chart, f"figure-{n}")) for n, chart in enumerate(drawn, 1)],
        narrow=len(agreed.values) < 3,
        tables=[(name, Markup(table)) for name, table in tables.items() if table],
        base_heading=_("Inputs of the base"),
        base=Markup(html(_base(agreed))),
        provenance=Markup(provenance(sources, notes)),
    )
    return document(title, language(), body, PAGE_STYLE + PANELS, paper={"width": 660})


# Charts ---------------------------------------------------------------------------------------------------------------


def _charts(agreed: Grid, prepared: Any, frame: pd.DataFrame, shown: Sequence[str]) -> tuple[list[Chart], list[str]]:
    """Return the charts that suit the sweep, one a figure, and what has to be said about them."""
    inputs, measures = agreed.settings(), agreed.study.measures
    if agreed.drawn or len(inputs) > 2:
        return _tornados(agreed, prepared, shown)
    moving, notes = _moving(agreed, frame, shown)
    many = max(len(of) for of in agreed.values.values())
    if many > (charts.POINTS if len(inputs) == 1 else charts.CELLS):
        notes.append(_("There are more values than a chart can show; evenly spread ones are drawn, the table has all."))
    values = [_in_order(s, agreed.values[s.name]) for s in inputs]
    names = [_name(agreed, s) for s in inputs]
    if len(inputs) == 1:
        whole = frame.set_index(names[0]).reindex(values[0])
        return [charts.line(inputs[0], values[0], measures[key], whole[key].to_numpy()) for key in moving], notes
    (across, up), (xs, ys) = inputs, values
    whole = frame.set_index(names)
    cells = {key: whole[key].unstack(names[0]).reindex(index=ys, columns=xs).to_numpy() for key in moving}
    return [charts.heat(across, xs, up, ys, measures[key], cells[key]) for key in moving], notes


def _moving(agreed: Grid, frame: pd.DataFrame, shown: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the figures to draw, which are those that the sweep moves, and a sentence on the others; or else all."""
    still = {}
    for key in shown:
        values = {agreed.study.measures[key].shown(value) for value in frame[key].dropna().unique()}
        if len(values) == 1:
            still[key] = values.pop()
    if not still or len(still) == len(shown):
        return list(shown), []
    said = _("The same in every scenario, and not drawn: {figures}.").format(figures=_listed(agreed, still))
    return [key for key in shown if key not in still], [said]


def _listed(agreed: Grid, values: Mapping[str, str]) -> str:
    """Return figures with their values, to stand in a sentence."""
    return _(", ").join(f"{_(agreed.study.measures[key].label)} {value}" for key, value in values.items())


def _name(agreed: Grid, s: Setting) -> str:
    return column(agreed.study, s.name)


def _in_order(s: Setting, values: Sequence[Any]) -> list[Any]:
    """Return numbers in rising order; choices stay as they were named."""
    return list(values) if s.choices or s.kind is bool else sorted(values)


def _tornados(agreed: Grid, prepared: Any, shown: Sequence[str]) -> tuple[list[Chart], list[str]]:
    base, moves = alone(agreed, prepared)
    if base is None:
        return [], [_("The base itself is refused, so no input can be moved away from it alone.")]
    measures = agreed.study.measures
    notes = [_("Each input was also moved alone, from the base to the ends of its range; the bars show that.")]
    known = [key for key in shown if np.isfinite(base[key])]
    if missing := [_(measures[key].label) for key in shown if key not in known]:
        said = _("Without a figure at the base, and so without a chart: {names}.")
        notes.append(said.format(names=_(", ").join(missing)))
    reached = {key: {measures[key].shown(at[key]) for at in (base, *(m.figures for m in moves)) if at} for key in known}
    if still := [key for key in known if len(reached[key]) == 1]:
        said = _("Moved by no input alone, and not drawn: {figures}.")
        notes.append(said.format(figures=_listed(agreed, {key: reached[key].pop() for key in still})))
    moved = [key for key in known if key not in still]
    return [charts.tornado(measures[key], key, base[key], moves) for key in moved], notes


def alone(agreed: Grid, prepared: Any) -> tuple[dict[str, float] | None, list[charts.Moved]]:
    """Run the base, and each swept input moved alone to the ends of its range or to each of its choices.

    Returns:
        The headline figures of the base, ``None`` if it is refused; and the moves.
    """
    settings, kept = agreed.settings(), agreed.kept()
    moves = [(s, value) for s in settings for value in _ends(s, agreed.values[s.name])]
    base = tuple(kept[s.name] for s in settings)
    rows = [base, *(tuple(value if t is s else kept[t.name] for t in settings) for s, value in moves)]
    found, refused = figures(agreed.study, prepared, agreed.base, list(agreed.values), rows)
    measures = list(agreed.study.measures)
    answers = [
        None if no else dict(zip(measures, row.tolist(), strict=True)) for row, no in zip(found, refused, strict=True)
    ]
    return answers[0], [charts.Moved(s, value, answer) for (s, value), answer in zip(moves, answers[1:], strict=True)]


def _ends(s: Setting, values: Sequence[Any]) -> Sequence[Any]:
    return values if s.choices or s.kind is bool else (min(values), max(values))


# Tables ---------------------------------------------------------------------------------------------------------------


def _summary(agreed: Grid, frame: pd.DataFrame) -> str:
    inputs = agreed.settings()
    names = _(", ").join(s.title() for s in inputs) if len(inputs) <= MANY else str(len(inputs))
    refused = int((frame["problem"] != "").sum())
    said = _("Scenarios: {n:,}. Inputs swept: {names}. Refused: {refused:,}.")
    return said.format(n=len(frame), names=names, refused=refused)


def _spread(agreed: Grid, frame: pd.DataFrame, shown: Sequence[str]) -> pd.DataFrame:
    """Return the least, the 5th, 50th and 95th percentile and the most of each figure."""
    finite = frame[list(shown)].replace([np.inf, -np.inf], np.nan)
    heads = [_("Least"), _("5th percentile"), _("Median"), _("95th percentile"), _("Most")]
    rows = {}
    for key in shown:
        m, known = agreed.study.measures[key], finite[key].dropna()
        marks = known.quantile([0, 0.05, 0.5, 0.95, 1]).tolist() if len(known) else [np.nan] * 5
        rows[m.title()] = [*map(m.shown, marks), f"{len(frame) - len(known):,}"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[*heads, _("Without a figure")])
    return table.rename_axis(_("Figure"))


def _reasons(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the commonest reasons and how often each stood in the way; reasons that differ in numbers are one."""
    said = frame.loc[frame["problem"] != "", "problem"].str.split(AND, regex=False).explode()
    said = said.str.replace(r"[0-9][0-9.,]*", "…", regex=True)
    counts = said.value_counts()
    table = counts.head(REASONS).rename(_("Scenarios")).rename_axis(_("Reason")).to_frame()
    if rest := int(counts.iloc[REASONS:].sum()):
        table.loc[_("other reasons, which the table gives")] = rest
    return table


def _columns(agreed: Grid) -> pd.DataFrame:
    inputs = [(_name(agreed, s), _(s.label), _(s.unit), _("input")) for s in agreed.settings()]
    answers = [(key, _(m.label), _(m.unit), _("figure")) for key, m in agreed.study.measures.items()]
    problem = ("problem", _("why the study refuses the scenario; empty if it does not"), "", "")
    heads = [_("Column"), _("Meaning"), _("Unit"), _("Kind")]
    return pd.DataFrame([*inputs, *answers, problem], columns=heads).set_index(heads[0])


def _base(agreed: Grid) -> pd.DataFrame:
    kept, swept = agreed.kept(), set(agreed.values)
    rows = {
        s.title(): (s.name, s.shown(kept[s.name]), _("yes") if s.name in swept else "")
        for s in agreed.study.inputs.settings()
    }
    heads = [_("Name"), _("Base"), _("Swept")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=heads).rename_axis(_("Input"))
