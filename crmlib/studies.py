"""Every study of the workbook, by the name the command line calls it."""

from typing import Any

from crmlib.models import discounts, distributors, loyalty, motivation, pareto, pyramid, relationships, tiers
from crmlib.study import Study

STUDIES: dict[str, Study[Any, Any, Any]] = {
    s.name: s
    for s in (
        tiers.STUDY,
        pareto.STUDY,
        pyramid.STUDY,
        loyalty.STUDY,
        relationships.STUDY,
        distributors.STUDY,
        motivation.STUDY,
        discounts.STUDY,
    )
}
