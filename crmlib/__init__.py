"""The helper package behind the CRM workbook: models, charts, explorers, practice and reruns."""

import os

from crmlib.support import html_table

__version__ = "0.1.0"

# Where lxml happens to be installed openpyxl would read and write with it, and refuse other workbooks than elsewhere.
os.environ.setdefault("OPENPYXL_LXML", "False")

html_table.install()
