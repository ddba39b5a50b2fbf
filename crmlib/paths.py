"""Where the workbook keeps things. Everything is found from this file, never from the working folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
CASEBOOK = ROOT / "casebook"
NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "src"
LOCALE = Path(__file__).resolve().parent / "locale"
