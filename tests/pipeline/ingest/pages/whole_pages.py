"""
Whole pages in the manner of real sites, with their main text marked, and how near a text comes.

`whole/*.txt` has several pages each, below a line `=== name`. `<!--[-->…<!--]-->` is main text,
`<!--?-->…<!--/?-->` counts neither way; where scripts fill a page, `<!--[text]-->` says the text.
`{{menu 9}}` and its like stand for what frames pages of that kind, made by `FRAMES`.
"""

# ruff: noqa: E501 - a piece of a page on one line reads better than parts of it
from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

WHO = (
    "町の図書館", "東の商店街", "消防団", "山の小屋", "駅前の広場", "子ども会", "漁協",
    "北高の吹奏楽部", "古い映画館", "市営の温泉", "川べりの公園", "農家の朝市",
)  # fmt: skip
WHAT = (
    "に新しい仲間", "が百年を迎える", "で夏祭り", "の改修終わる", "に寄付", "で防災の訓練",
    "が全国へ",
)  # fmt: skip
WORDS = (
    "くらし", "防災", "税金", "子育て", "健康", "ごみ", "水道", "文化", "観光", "産業", "統計",
    "採用", "地図", "施設", "統合", "教育", "農業", "議会", "広報", "入札", "介護", "年金", "住宅",
    "道路",
)  # fmt: skip
GRAM = 5
BREAK = "\0"
"""Between two pieces of main text: what stands there in the page may come through."""


def title(number: int) -> str:
    """The headline of another article."""
    return WHO[number % len(WHO)] + WHAT[number * 5 % len(WHAT)]


def word(number: int) -> str:
    """An entry of a menu."""
    kind = ("", "の案内", "の一覧", "の手続き")[number // len(WORDS) % 4]
    return WORDS[number % len(WORDS)] + kind


def _links(count: int, between: str, what: Callable[[int], str]) -> str:
    return between.join(f'<a href="/{k}">{what(k)}</a>' for k in range(count))


def _items(count: int, what: Callable[[int], str]) -> str:
    return f"<li>{_links(count, '</li><li>', what)}</li>"


FRAMES: dict[str, Callable[[int, int], str]] = {
    "items": lambda n, _: _items(n, word),
    "menu": lambda n, _: f"<ul>{_items(n, word)}</ul>",
    "mega": lambda n, m: "".join(
        f'<div><p><a href="/m{k}">{word(k)}</a></p><ul>{_items(m, word)}</ul></div>'
        for k in range(n)
    ),
    "list": lambda n, _: f"<ul>{_items(n, title)}</ul>",
    "ranking": lambda n, _: f"<ol>{_items(n, title)}</ol>",
    "brlist": lambda n, _: "・" + _links(n, "<br>・", title),
    "cards": lambda n, _: "".join(
        f'<div class="cd"><a href="/{k}"><img src="{k}.jpg"><p>{title(k)}</p></a>'
        f"<span>2024.{k + 1}.{k + 2}</span></div>"
        for k in range(n)
    ),
    "teasers": lambda n, _: "".join(
        f'<div class="ts"><h3><a href="/{k}">{title(k)}</a></h3><p>{title(k)}までを追いました。</p></div>'
        for k in range(n)
    ),
    "dated": lambda n, _: "".join(
        f'<li><span>2024.{k + 1}.{k + 3}</span><a href="/{k}">{title(k)}</a></li>' for k in range(n)
    ),
    "summaries": lambda n, _: "".join(
        f'<li><a href="/{k}"><img src="{k}.jpg"><div>{word(k)}</div><div>{title(k)}</div><div>'
        f"{title(k)}までの道のりを、かかわった人たちに聞いた。{word(k)}の課題も見えてくる。</div></a></li>"
        for k in range(n)
    ),
    "sitemap": lambda n, m: "".join(
        f"<dl><dt>{word(k)}</dt>"
        + "".join(f'<dd><a href="/{k}/{i}">{word(k + i)}</a></dd>' for i in range(m))
        + "</dl>"
        for k in range(n)
    ),
    "tags": lambda n, _: "".join(f'<a href="/tag/{k}">#{word(k)}</a> ' for k in range(n)),
    "letter": lambda _, __: "<div><p>編集部のえらんだ話題を、毎週金曜日にメールでお届けします。</p>"
    '<form><input type="email" placeholder="you@example.jp"><button>登録する</button></form>'
    "<p>登録すると、利用規約に同意したものとみなします。</p></div>",
    "cookies": lambda _, __: "<div><p>当サイトでは、使いやすさの向上とアクセスの解析のためにクッキーを使用しています。"
    "引き続き閲覧される場合は、クッキーの使用に同意されたものとみなします。詳しくは"
    '<a href="/cookie">クッキーの方針</a>をご覧ください。</p><button>すべて受け入れる</button>'
    "<button>設定を変える</button></div>",
    "share": lambda _, __: '<ul class="sh"><li><a href="/f">シェア</a></li><li><a href="/x">ポスト</a></li>'
    '<li><a href="/h">ブックマーク</a></li></ul>',
    "legal": lambda _, __: '<p><a href="/p">個人情報の扱い</a> <a href="/k">利用規約</a> <a href="/o">会社の案内</a>'
    "</p><p><small>Copyright © 2024 All Rights Reserved. 無断転載を禁じます。</small></p>",
}  # fmt: skip


class Whole(NamedTuple):
    """A page, its main text, and the text that counts neither way."""

    name: str
    source: str
    truth: str
    either: str


def whole_pages() -> Iterator[Whole]:
    """All pages, in the order of their files."""
    for path in sorted((Path(__file__).parent / "whole").glob("*.txt")):
        for part in path.read_text("utf-8").split("=== ")[1:]:
            name, _, written = part.partition("\n")
            yield _whole(f"{path.stem}: {name}", written)


def _whole(name: str, written: str) -> Whole:
    source = re.sub(r"\{\{(\w+) ?(\d*) ?(\d*)\}\}", _frame, written)
    marked = re.findall(r"<!--\[-->(.*?)<!--\]-->", source, re.DOTALL)
    said = re.findall(r"<!--\[(?!-->)([^\]]+)\]-->", source)
    either = re.findall(r"<!--\?-->(.*?)<!--/\?-->", source, re.DOTALL)
    truth = BREAK.join([*map(_plain, marked), *said])
    return Whole(name, re.sub(r"<!--.*?-->", "", source), truth, "\n".join(map(_plain, either)))


def _frame(match: re.Match[str]) -> str:
    return FRAMES[match[1]](int(match[2] or 0), int(match[3] or 0))


def _plain(piece: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", piece))


def grams(text: str) -> Counter[str]:
    """Runs of five characters, blanks left out; none goes over from one marked piece to the next."""
    letters = re.sub(r"\s+", "", text)
    runs = (letters[k : k + GRAM] for k in range(len(letters) - GRAM + 1))
    return Counter(run for run in runs if BREAK not in run)


def nearness(page: Whole, text: str) -> tuple[float, float]:
    """Recall and precision of a text; its title and what counts neither way are left out."""
    text = re.sub(r"^\s*(?:•|\d+\.)\s", "", text, flags=re.MULTILINE)  # marks of lists
    found, truth = grams(text), grams(page.truth)
    headline = re.search(r"<title>(.*?)</title>", page.source)
    for gram in [*grams(headline[1] if headline else ""), *grams(page.either)]:
        found.pop(gram, None)
        truth.pop(gram, None)
    same = (found & truth).total()
    return same / truth.total(), same / found.total() if found else 0.0
