"""Every study of the workbook, by the name the command line calls it."""

from typing import Any

from crmlib.casebook import Case
from crmlib.chapters import chapters
from crmlib.core.i18n import _
from crmlib.core.study import Study
from crmlib.support.strict_yaml import pick_known

STUDIES: dict[str, Study[Any, Any, Any]] = {s.name: s for chapter in chapters().values() for s in chapter.studies}


def study_of(case: Case) -> Study[Any, Any, Any]:
    """Return the study of a case.

    Raises:
        UserError: its ``case.yaml`` names one that there is not.
    """
    problem = _("{file}: there is no study “{name}”.").format(file=f"casebook/{case.name}/case.yaml", name="{name}")
    return STUDIES[pick_known(case.study, STUDIES, problem)]
