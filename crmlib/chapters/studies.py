"""Every study of the workbook, by the name the command line calls it."""

from typing import Any

from crmlib.chapters import chapters
from crmlib.core.study import Study

STUDIES: dict[str, Study[Any, Any, Any]] = {s.name: s for chapter in chapters().values() for s in chapter.studies}
