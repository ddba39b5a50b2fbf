"""Panels of members as the tests of chapter 1 write them by hand, and that of the chain."""

from functools import cache
from typing import Any

import pandas as pd

from crmlib.chapters.foundations.models import panel as source
from crmlib.tables.data import load


def members(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a panel; each row says what is not as in a plain year of a member since 2020."""
    plain = {
        "account_id": "A", "household_id": "", "year": 2020, "joined": 2020, "channel": "walk_in", "revenue": 1000.0,
        "refunds": 0.0, "service_cost": 400.0, "won_cost": 0.0, "visits": 50,
    }  # fmt: skip
    frame = pd.DataFrame([{**plain, **row} for row in rows])
    frame["household_id"] = frame["household_id"].where(frame["household_id"] != "", frame["account_id"])
    return frame.astype({"joined": "Int64", "won_cost": "Float64"})


def years(account: str, *when: int, **more: Any) -> list[dict[str, Any]]:
    return [{"account_id": account, "year": year, **more} for year in when]


@cache
def chain() -> source.Panel:
    """Return the panel of the chain of gyms."""
    return source.prepare(load("members"))
