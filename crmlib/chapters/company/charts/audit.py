"""Charts of the data-quality audit: faults, fields, salespeople, cleaning."""

import numpy as np
import pandas as pd

from crmlib.chapters.company.charts.common import across, tall
from crmlib.chapters.company.models import audit as model
from crmlib.chapters.company.models.records import FIELDS, Records
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, ORANGE, PURPLE, QUIET
from crmlib.plotting.theme import BESIDE_BARS, Chart, bars, safe, spec, wrapped


def faults(a: model.Audit) -> Chart:
    """How many records have each fault, beside those that can be used."""
    facts = model.headline(a)
    names = [_("usable"), *map(_, model.FAULTS.values())]
    values = [facts[name] for name in ("usable", *model.FAULTS)]
    drawn = spec(
        [across(names, values, "", [BLUE, *[ORANGE] * 5], "%{x:,.0f}")],
        _("The extract scores {score:.1f} of 100").format(score=facts["score"]),
        _("Records, or customers left out"),
        "",
        xaxis_range=[0, 1.3 * max(1.0, *values)],
        showlegend=False,
        **tall(len(names)),
    )
    alt = _("A bar for the usable records in blue, then one a fault in orange. A record may have several faults.")
    table = pd.DataFrame(
        {_("How many"): [f"{v:,.0f}" for v in values]}, index=pd.Index(names, name=_("State of the record"))
    )
    return Chart(drawn, alt, lambda: table)


def fields(a: model.Audit) -> Chart:
    """Each field: usable, missing, impossible."""
    found = model.field_scores(a)
    names = [_(FIELDS[name]) for name in found.index]
    parts = (
        ("usable", _("usable"), BLUE),
        ("missing", _("missing fields"), ORANGE),
        ("impossible", _("impossible"), PURPLE),
    )
    worst = int(found["usable"].argmin())
    drawn = spec(
        [across(names, found[key].tolist(), name, color) for key, name, color in parts],
        _("{field} is worst: {share:.0f}% usable").format(field=names[worst], share=found["usable"].iloc[worst]),
        _("Share of firms (%)"),
        "",
        barmode="stack",
        xaxis_range=[0, 100],
        **tall(len(names)),
    )
    alt = _("A bar a field, in parts that add up to 100%: usable, missing, impossible.")

    def table() -> pd.DataFrame:
        columns = [_("Missing (%)"), _("Impossible (%)"), _("Usable (%)")]
        return found.round(1).set_axis(columns, axis=1).set_axis(pd.Index(names, name=_("Field")), axis=0)

    return Chart(drawn, alt, table)


def people(a: model.Audit) -> Chart:
    """Each salesperson's score, by the CRM alone and with the customers left out."""
    found = model.person_scores(a)
    names = [safe(name) for name in found.index]
    gap = found["seen"] - found["score"]
    k = int(gap.argmax())
    title = _("{name}: {seen:.0f} by the CRM alone, {score:.0f} beside the books")
    if not gap.iloc[k] > 0:
        title = _("No salesperson has left a customer out")
    drawn = spec(
        [
            across(names, found["seen"].tolist(), _("by the CRM alone"), QUIET),
            across(names, found["score"].tolist(), _("beside the books"), BLUE),
        ],
        title.format(name=names[k], seen=found["seen"].iloc[k], score=found["score"].iloc[k]),
        _("Data score (points)"),
        "",
        xaxis_range=[0, 100],
        **tall(len(names), 30),
    )
    alt = _("Two bars a salesperson: hatched gray by the CRM alone, blue with the customers who were left out.")
    return Chart(drawn, alt, lambda: people_table(found))


def people_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return the scores by salesperson as a reader sees them."""
    shown = found.copy()
    for name in ("records", "usable", "left_out"):
        shown[name] = shown[name].astype(int)
    columns = [
        _("CRM records"),
        _("Usable"),
        _("Left out"),
        _("Score, CRM alone"),
        _("Score, with the books"),
        _("Billed (10,000 yuan)"),
    ]
    return shown.round(1).set_axis(columns, axis=1).rename_axis(_("Salesperson"))


def cleaning(a: model.Audit) -> Chart:
    """Score and share of sales covered, before and after the hours of cleaning."""
    facts = model.headline(a)
    names = [wrapped(_("data score"), 12), wrapped(_("sales covered"), 12)]
    before, after = ([facts[f"{key}{when}"] for key in ("score", "covered")] for when in ("", "_after"))
    shown = {"texttemplate": "%{y:.0f}", **BESIDE_BARS}
    drawn = spec(
        [bars(names, before, _("now"), QUIET, **shown), bars(names, after, _("after cleaning"), BLUE, **shown)],
        _("{hours:g} hours raise the score to {score:.0f}, cover to {cover:.0f}%").format(
            hours=a.rule.hours, score=after[0], cover=after[1]
        ),
        _("What cleaning reaches"),
        _("Points, % of sales"),
        yaxis_range=[0, 115],
    )
    alt = _("Two pairs of bars: hatched gray now, blue after cleaning, for the data score and for the sales covered.")

    def table() -> pd.DataFrame:
        columns = {_("Now"): np.round(before, 1), _("After cleaning"): np.round(after, 1)}
        return pd.DataFrame(columns, index=pd.Index([_("data score"), _("sales covered")], name=_("Figure")))

    return Chart(drawn, alt, table)


def orders(records: Records, rule: model.AuditRule) -> pd.DataFrame:
    """Return what each order of cleaning reaches with the same hours."""
    return model.STUDY.by_choice(records, rule, "first", "score_after", "covered_after")


def examples(records: Records) -> pd.DataFrame:
    """Return records of one firm that stands in the extract several times, as they were typed."""
    firms = pd.Series(records.firms["either"][~records.test])
    many = firms.value_counts()
    rows = np.flatnonzero((records.firms["either"] == many.index[0]) & ~records.test)
    found: pd.DataFrame = records.frame.iloc[rows]
    return found
