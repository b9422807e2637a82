"""What `boilerplate` leaves of pages whose lines were marked, and what it takes of their text."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.api import clean

PAGES = Path(__file__).parent / "cleaners" / "marked_lines.txt"
CLEANERS = ["control", "zero_width", "width", "line_ends", "boilerplate", "footers"]


def pages() -> dict[str, list[list[str]]]:
    """The lines of the pages of each part; those of the page around the text begin with #."""
    parts: dict[str, list[list[str]]] = {}
    for line in PAGES.read_text("utf-8").split("\n\n", 1)[1].splitlines():
        if line.startswith("--- "):
            part = parts.setdefault(line[4:], [])
        elif line.startswith("=== "):
            part.append([])
        else:
            part[-1].append(line)
    return parts


def width(line: str) -> str:
    """A line as the cleaners before `boilerplate` leave it."""
    return str(clean([line], CLEANERS[:4]).column("text")[0])


def counted(marked: list[list[str]]) -> tuple[float, float]:
    """Share of the page in what stays, and share of the text that is lost, in characters."""
    stays = clean(["\n".join(line.removeprefix("#") for line in page) for page in marked], CLEANERS)
    residue = kept = lost = 0
    for page, text in zip(marked, stays.column("text").to_pylist(), strict=True):
        left = text.split("\n")
        for line in page:
            one = width(line.removeprefix("#"))
            here = one in left
            left = left[left.index(one) + 1 :] if here else left
            if line.startswith("#"):
                residue += here * len(one)
            else:
                kept += here * len(one)
                lost += (not here) * len(one)
    return residue / (residue + kept), lost / (kept + lost)


@pytest.mark.parametrize(
    ("part", "residue", "lost"), [("first", 0.18, 0.045), ("second", 0.19, 0.037)]
)
def test_pages_lose_what_is_around_the_text(part: str, residue: float, lost: float) -> None:
    """What stays of the page, a half of it before, and what goes of the text are below bounds."""
    found = counted(pages()[part])

    assert residue >= found[0]
    assert lost >= found[1]


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        ("Posted by けやき at 2012年03月05日 21:40", True),
        ("[[Category:湖]]", True),
        ("{{DEFAULTSORT:みすうみ}}", True),
        ("{{ text }}", False),
        ("11 件中 1～5 件目", True),
        ("いいね 8", True),
        ("合計 8", False),
    ],
)
def test_lines_known_by_their_form(line: str, *, goes: bool) -> None:
    """Heads of comments, wiki markup and counters go from between sentences, others stay."""
    text = f"湖は火山の噴出物が川をせき止めてできた。\n{line}\n冬は全面が凍り、人が歩いて渡る。"

    assert goes == (len(clean([text], ["boilerplate"]).column("text")[0].as_py().split("\n")) == 2)


def test_calendar_goes_and_a_table_of_figures_stays() -> None:
    """The days below the names of a week go; figures below another heading stay."""
    body = "昨夜からの雪で、露天風呂の岩がすっかり白くなりました。"
    days = "1 2 3 4 5 6 7\n8 9 10 11 12 13 14"
    found = clean(
        [f"{body}\n日 月 火 水 木 金 土\n{days}", f"{body}\n得点の記録\n{days}"], ["boilerplate"]
    ).column("text")

    assert [body, f"{body}\n得点の記録\n{days}"] == found.to_pylist()


def test_ingredients_stay_below_a_menu() -> None:
    """Three lines with amounts are a recipe's, whatever stands above them."""
    amounts = "茄子 四本\nだし 二カップ\n生姜 少し"
    text = f"レシピ検索\n人気のキーワード\n印刷する\n{amounts}\n茄子は縦に切り、切れ目を入れます。"

    assert amounts in clean([text], ["boilerplate"]).column("text")[0].as_py()


def test_prices_go_where_there_are_three() -> None:
    """Three cards go with the names of what they sell; one price in a text stays."""
    body = "盛岡の職人が一つずつ型を作って鋳込んだ鉄瓶です。"
    card = "急須 小 黒\n3,300円(税込)\n茶こし\n880円(税込)\n鍋敷き 桜\n1,650円(税込)"
    found = clean([f"{body}\n{card}", f"{body}\n24,200円(税込)"], ["boilerplate"]).column("text")

    assert [body, f"{body}\n24,200円(税込)"] == found.to_pylist()
