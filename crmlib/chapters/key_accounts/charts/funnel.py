"""Charts and tables of the sales funnel."""

import numpy as np
import pandas as pd

from crmlib.chapters.key_accounts.charts.rows import reach, rows, shown
from crmlib.chapters.key_accounts.models import funnel as model
from crmlib.core.i18n import _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, money, safe, spec


def stages() -> list[str]:
    """Return the names of the stages, translated."""
    return [_(name) for name in model.STAGES.values()]


def narrowing(f: model.Funnel) -> Chart:
    """How many opportunities came to each stage, and how many were won."""
    names, p = [*stages(), _("won")], f.pipeline
    counts = [*p.came.tolist(), int(p.passed[-1])]
    known = np.where(np.isnan(f.conversion), np.inf, f.conversion)
    worst = int(known.argmin())
    colors = [ORANGE if place == worst else BLUE for place in range(len(names))]
    drawn = spec(
        [rows(names, counts, colors)],
        _("Of {n} leads {won} were won; conversion is lowest at “{stage}”").format(
            n=counts[0], won=counts[-1], stage=names[worst]
        ),
        _("Opportunities that came so far"),
        "",
        xaxis_range=reach(counts),
        yaxis_autorange="reversed",
    )
    alt = _("Bars that grow shorter from stage to stage; orange is the stage with the lowest conversion.")
    return Chart(drawn, alt, lambda: conversion(f))


def conversion(f: model.Funnel) -> pd.DataFrame:
    """Return counts, conversion, chance to win and usual days of each stage."""
    p = f.pipeline
    columns = {
        _("Came so far"): p.came.tolist(),
        _("Passed"): p.passed.tolist(),
        _("Lost here"): p.dropped.tolist(),
        _("Conversion (%)"): [shown(100 * v) for v in f.conversion],
        _("Chance to win (%)"): [shown(100 * v) for v in f.to_win],
        _("Usual days"): [shown(v, 0) for v in p.usual],
    }
    return pd.DataFrame(columns, index=pd.Index(stages(), name=_("Stage")))


def pipeline(f: model.Funnel) -> Chart:
    """Open amounts by stage, as they stand and weighted by the chance to win."""
    p, names = f.pipeline, stages()
    plain = np.bincount(p.stage, weights=p.amount, minlength=len(names)) / TEN_THOUSAND
    worth = np.bincount(p.stage, weights=p.amount * f.weight, minlength=len(names)) / TEN_THOUSAND
    cover = model.headline(f)["coverage"]
    drawn = spec(
        [rows(names, plain, QUIET, name=_("unweighted")), rows(names, worth, BLUE, name=_("weighted"))],
        _("The weighted pipeline covers {cover:.0f}% of the target").format(cover=cover),
        _("Open opportunities ({unit})").format(unit=money()),
        "",
        height=380,
        xaxis_range=reach(plain),
        yaxis_autorange="reversed",
        barmode="group",
        legend_traceorder="normal",
    )
    alt = _("Two bars a stage: hatched gray the amounts as they stand, blue weighted by the chance to win.")

    def table() -> pd.DataFrame:
        columns = {_("Unweighted"): [shown(v) for v in plain], _("Weighted"): [shown(v) for v in worth]}
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Stage")))

    return Chart(drawn, alt, table)


def ageing(f: model.Funnel) -> Chart:
    """Open opportunities by stage: within the usual time, and stuck."""
    p, names = f.pipeline, stages()
    stuck = np.bincount(p.stage[f.stuck], minlength=len(names))
    fresh = np.bincount(p.stage[~f.stuck], minlength=len(names))
    drawn = spec(
        [rows(names, fresh, BLUE, name=_("moving")), rows(names, stuck, ORANGE, name=_("stuck"))],
        _("{n} of {all} open opportunities are stuck").format(n=int(f.stuck.sum()), all=len(p.stage)),
        _("Open opportunities"),
        "",
        height=380,
        xaxis_range=reach(fresh, stuck),
        yaxis_autorange="reversed",
        barmode="group",
        legend_traceorder="normal",
    )
    alt = _("Two bars a stage: blue moves in the usual time, orange has stood too long.")

    def table() -> pd.DataFrame:
        columns = {
            _("Moving"): fresh.tolist(),
            _("Stuck"): stuck.tolist(),
            _("Stuck after (days)"): [shown(v * f.rule.stuck, 0) for v in p.usual],
        }
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Stage")))

    return Chart(drawn, alt, table)


def oldest(f: model.Funnel, n: int = 6) -> pd.DataFrame:
    """Return the stuck opportunities with the largest amounts: where to ask first."""
    p = f.pipeline
    order = [place for place in np.argsort(-p.amount, kind="stable").tolist() if f.stuck[place]][:n]
    columns = {
        _("Salesperson in charge"): [safe(p.people[place]) for place in order],
        _("Stage"): [stages()[p.stage[place]] for place in order],
        _("Amount ({unit})").format(unit=money()): [shown(p.amount[place] / TEN_THOUSAND) for place in order],
        _("Days in the stage"): [shown(p.days[place], 0) for place in order],
        _("Usual days"): [shown(p.usual[p.stage[place]], 0) for place in order],
    }
    return pd.DataFrame(columns, index=pd.Index([safe(p.names[place]) for place in order], name=_("Opportunity")))


def workload(f: model.Funnel) -> pd.DataFrame:
    """Return for each salesperson the open opportunities, the hours they take, and the hours there are."""
    p, rule = f.pipeline, f.rule
    names = sorted(set(p.people.tolist()))
    who = [p.people == name for name in names]
    hours = [float(model.HOURS[p.stage[mine]].sum()) for mine in who]
    columns = {
        _("Open"): [int(mine.sum()) for mine in who],
        _("Hours needed a week"): [shown(v) for v in hours],
        _("Of the time there is (%)"): [shown(100 * v / rule.hours, 0) for v in hours],
        _("Stuck"): [int((mine & f.stuck).sum()) for mine in who],
    }
    return pd.DataFrame(columns, index=pd.Index([safe(name) for name in names], name=_("Salesperson in charge")))
