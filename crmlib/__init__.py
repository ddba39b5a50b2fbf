"""The helper package behind the CRM workbook: models, charts, explorers, practice and reruns."""

__version__ = "0.1.0"
