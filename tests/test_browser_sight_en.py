"""The contract of the chapters, in English."""

import pytest
from contract_chapters import *  # noqa: F403

pytestmark = [pytest.mark.browser, pytest.mark.whole]
LANG = "en"
