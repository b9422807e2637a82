"""Markdown, reStructuredText, gettext and manual pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document
from seimai.pipeline.ingest.markup import man, rst
from seimai.pipeline.ingest.markup.markdown import front_matter
from seimai.pipeline.ingest.markup.markdown import plain_text as markdown_text
from tests.pipeline.ingest.making import read_all


@pytest.fixture
def load(tmp_path: Path):
    """A function that reads a text under a name."""
    return lambda text, name: read_all(tmp_path, name, text.encode())


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("# 見出し {#id}\n\n本文は\n続く。", "見出し\n\n本文は続く。"),
        ("[玄米](a.html)を**研ぐ**`wash()`。", "玄米を研ぐwash()。"),
        ("![図](a.png)文<br>行\\\n次", "文\n行\n次"),
        ("- 一\n- 二\n\n1. 三\n2. 四", "・一\n・二\n\n1. 三\n2. 四"),
        ("```js\nlet a = 1 <!-- 註 -->\n```", "let a = 1"),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "甲\t乙\n1\t2"),
        ("<div class='x'>\n<p>段落</p>\n<script>alert(1)</script></div>", "段落"),
        ("> [!NOTE]\n> 注意。[^1]\n\n[^1]: 脚注", "注意。\n\n脚注"),
        ("文 <!-- 註\n釈 --> 章", "文 章"),
    ],
)
def test_markdown_becomes_text(page: str, text: str) -> None:
    """Marks go; words, code and tables stay."""
    pytest.importorskip("markdown_it")

    assert text == "\n".join(line.rstrip() for line in markdown_text(page).split("\n"))


def test_front_matter_becomes_columns(load) -> None:
    """YAML and TOML before the page are columns; dates and licences go where they belong."""
    pytest.importorskip("markdown_it")
    (page,) = load("---\ntitle: 題\ndate: 2024-05-06\ntags: [a, b]\n---\n\n本文。\n", "a.md")

    assert ("本文。", "2024-05-06") == (page.text, page.date)
    assert {"title": "題", "date": "2024-05-06", "tags": ["a", "b"]} == page.extra
    assert ({"title": "題"}, "本文") == front_matter('+++\ntitle = "題"\n+++\n本文')


@pytest.mark.parametrize(
    "bad",
    [
        "a: &a [1,2]\nb: [*a,*a]\n",
        "a: [" * 5000 + "\n",
        "- no\n- mapping\n",
        "a: b: c\n",
        "!!python/object:os.system {}\n",
    ],
)
def test_front_matter_that_is_none_stays_in_the_text(bad: str) -> None:
    """Aliases, nesting without end, lists and objects are refused, and nothing is lost."""
    page = f"---\n{bad}---\n本文"

    assert ({}, page) == front_matter(page)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("====\n題\n====\n\n本文は\n続く。", "題\n\n本文は続く。"),
        (":ref:`玄米 <rice>`\\ を ``wash()`` **研ぐ** 。", "玄米を wash() 研ぐ 。"),
        ("`水 <http://a>`_ と `註`_ と名_ 。", "水 と 註 と名_ 。"),
        (".. 註\n\n.. _label:\n\n文", "文"),
        (".. note:: 注意\n\n   深い文\n\n外", "注意\n\n深い文\n\n外"),
        (".. code-block:: bash\n   :linenos:\n\n   $ ls\n     -l\n", "$ ls\n  -l"),
        ("例::\n\n   a = 1\n\n文", "例:\n\na = 1\n\n文"),
        ("* 一\n* 二\n\n#. 三", "・一\n・二\n#. 三"),
        (".. list-table:: 表\n\n   * - 甲\n     - 乙\n   * - 1\n     - 2", "表\n甲\t乙\n1\t2"),
        (".. image:: a.png\n   :alt: x\n\n.. toctree::\n\n   a\n   b\n\n文", "文"),
    ],
)  # fmt: skip
def test_rst_becomes_text(page: str, text: str) -> None:
    """Directives and roles go; what they hold stays."""
    assert text == rst.plain_text(page)


PO = """# 訳者
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: ja\\n"

#: a.py:1
msgid "wash"
msgstr "研ぐ"

#, fuzzy
msgid "polish"
msgstr "磨く?"

msgid "rice"
msgstr ""

msgctxt "menu"
msgid "%d grain"
msgid_plural "%d grains"
msgstr[0] ""
"%d 粒\\t\\"米\\"\\n"
"次"

#~ msgid "old"
#~ msgstr "古い"
"""


def test_po_gives_what_was_translated(load) -> None:
    """Translated entries in their order; fuzzy and untranslated ones are counted."""
    items = load(PO, "ja.po")

    assert '研ぐ\n%d 粒\t"米"\n次' == items[0].text
    assert {"lang": "ja"} == items[0].extra
    assert {("untranslated", 1), ("fuzzy", 1)} == {(one.cause, one.count) for one in items[1:]}
    assert "text/x-gettext-translation" == load(PO, "messages")[0].media_type


def test_po_agrees_with_polib(load) -> None:
    """What is read of a good file is what polib reads."""
    polib = pytest.importorskip("polib")
    entries = polib.pofile(PO + "\n").translated_entries()
    expected = [one.msgstr or "\n".join(one.msgstr_plural.values()) for one in entries]

    assert "\n".join(expected) == load(PO, "ja.po")[0].text


def test_a_damaged_entry_costs_itself_only(load) -> None:
    """A line that is none, or a string that does not end, costs its entry."""
    items = load(PO.replace('msgstr "研ぐ"', 'msgstr "研ぐ\nnoise'), "ja.po")

    assert '%d 粒\t"米"\n次' == items[0].text
    assert ("damaged", 1) in {(one.cause, one.count) for one in items[1:]}


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (".TH A 1\n.SH 名前\nmai \\- 米を\n研ぐ", "名前\n\nmai - 米を研ぐ"),
        (".SH\n書式\n.B mai\n[\\fI量\\fP]", "書式\n\nmai [量]"),
        (".TP\n.BR mai (1)\n説明\n.IP \\(bu 2\n項目", "mai(1) 説明\n\n・項目"),
        (".nf\na  b\n\nc\n.fi\n文", "a  b\n\nc\n\n文"),
        ('.\\" 註\n.de XX\n.B x\n..\n.ig\n捨てる\n..\n文', "文"),
        (".if t 紙\n.if n 端末\n.ie t \\{\\\n紙\n.\\}\n.el 画面", "端末画面"),
        (".TS\nl l.\n甲\t乙\n_\n1\t2\n.TE\n文", "甲\t乙\n1\t2\n\n文"),
        (".Sh 式\n.Nm mai\n.Op Fl a Ar 量\n.Xr sh 1 ,\n.Pp\n文", "式\n\nmai [-a 量] sh(1),\n\n文"),
        ("\\fBa\\fR\\(co\\[u7C73]\\e\\&.", "a©米\\."),
    ],
)  # fmt: skip
def test_manual_pages_become_text(page: str, text: str) -> None:
    """Requests go; words, examples and tables stay."""
    assert text == man.plain_text(page)


def test_manual_pages_are_recognised_by_content(load) -> None:
    """A page is one by its first request, whatever its name; a text of that name is none."""
    (page,) = load('.\\" c\n.TH MAI 1 "2024"\n.SH 名前\nmai\n', "mai.1ja")

    assert {"title": "MAI", "section": "1"} == page.extra
    (log,) = load("普通の文。\n", "app.1")
    assert isinstance(log, Document)
    assert "text/plain" == log.media_type
