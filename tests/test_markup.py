"""Templates escape what they are given, miss nothing in silence, and are all whole."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from crmlib.core.paths import ROOT
from crmlib.support.markup import ENVIRONMENT, filled
from crmlib.support.webpage import document

TEMPLATES = sorted((ROOT / "crmlib").rglob("*.html"))


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "x.html"
    path.write_text('<p title="{{ said }}">{{ said }}</p>\n', "utf-8")
    return path


def test_text_is_escaped_and_html_is_not(template: Path) -> None:
    assert filled(template, said="<b> & \"'") == '<p title="&lt;b&gt; &amp; &#34;&#39;">&lt;b&gt; &amp; &#34;&#39;</p>'
    assert filled(template, said=Markup("<b>")) == '<p title="<b>"><b></p>'


def test_a_value_that_is_missing_is_an_error(template: Path) -> None:
    with pytest.raises(UndefinedError, match="said"):
        filled(template)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_lets_text_through_unescaped(path: Path) -> None:
    source = path.read_text("utf-8")
    ENVIRONMENT.parse(source)
    assert "safe" not in source and "autoescape" not in source


def test_the_title_of_a_page_is_text() -> None:
    assert "<title>&lt;script&gt;</title>" in document("<script>", "en", "", "")
