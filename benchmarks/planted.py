"""
Texts with known duplicates, as many as asked for: what the benchmarks of scale are run on.

Every text is a function of its number and of how many there are, so that files can be made one by
one and a second run makes the same. A text is a few sentences out of `POOL`, which are put together
from the words below, or out of a corpus (`sentences_of`). What is planted:

| kind | share | what it is |
|---|--:|---|
| loner | 0.60 | like no other |
| family | 0.20 | one of a family, a character changed or none; few families are large |
| copy | 0.05 | a family's first text, with other widths, blanks or line breaks |
| template | 0.04 | one of twenty forms, with another number filled in |
| chain | 0.03 | one of fifty versions, each with two more characters changed than the one before |
| short | 0.08 | a few characters; most are there many times |
"""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


WHO = _words(
    "町の図書館 古い時計屋 駅前の花屋 港の漁師 若い先生 隣の大工 村の診療所 "
    "市の係員 小さな工場 北の農家 夜の警備員 新しい研究室 川沿いの宿 山の測候所 "
    "旅の写真家 島の郵便局 朝の市場 南の酒蔵 角の本屋 遠くの親類 白い灯台 "
    "学校の給食室 谷の製材所 東の天文台"
)
WHEN = _words(
    "去年の秋に 毎朝 雨の日だけ 三年前から 祭りの前に 月に一度 冬の間 昼休みに "
    "暗くなってから 連休の初めに 台風のあとで 夏至のころ 週の終わりに "
    "誰もいない時間に 予定より早く 久しぶりに 開店の前に 雪がとけると 電車を待つ間に "
    "会議のあとで"
)
WHAT = _words(
    "古い地図を 壊れた椅子を 手紙の束を 麦の種を 赤い傘を 水道の管を "
    "見慣れない道具を 写真の箱を 木の橋を 長い報告書を 星の記録を 茶碗の欠片を "
    "予備の電池を 隣町の新聞を 雨量の表を 祖父の日記を 黒い自転車を 畑の柵を "
    "空の瓶を 楽譜の写しを 銅の鍋を 倉庫の鍵を 石の階段を 冬の布団を"
)
DID = _words(
    "丁寧に直していた ゆっくり運んだ 一つずつ数えた 静かに片づけた 高い棚に並べた "
    "人に譲ることにした もう一度調べている 日なたに干した 詳しく書き留めた "
    "忘れずに届けた 水で洗っておいた 町の外まで持っていった 新しいものに取り替えた "
    "仲間と分け合った 箱に入れて残した 遠くから眺めていた なくさないように包んだ "
    "次の人に渡した 元の場所へ戻した 思い切って手放した"
)
WHY = _words(
    "雨が続いたので 頼まれたとおりに 道が混んでいて 人手が足りず 思ったより軽く "
    "昔の約束で 値段が上がったため 夜が長いから 音が気になって 念のために"
)
CHANGED = "春夏秋冬東西南北上下左右前後内外大小高低"
"""What a changed character becomes."""

POOL = 200_000
"""Sentences: two loners of four sentences share one by chance, and hardly ever two."""

SENTENCES = 4
FAMILIES = 10
"""Texts per family, in the mean over all texts."""
SKEW = 2.0
"""Sizes of families fall with the root of their number: the first of a million has thousands."""
FORMS = 20
CHAIN = 50
CHAIN_STEP = 2
SHORT = 3000
FILE_TEXTS = 100_000
MOST_CHANGED = 1
"""Characters changed in a text of a family: any two of its texts are above 0.8 then."""

KINDS = ("loner", "family", "copy", "template", "chain", "short")
SHARES = (60, 20, 5, 4, 3, 8)
_KIND_OF = tuple(kind for kind, share in zip(KINDS, SHARES, strict=True) for _ in range(share))
_MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Planted:
    """A text and what is known of it."""

    id: str
    text: str
    kind: str
    family: str
    """Names what it is a version of; loners are alone in theirs."""


def mixed(*numbers: int) -> int:
    """A number of 64 bits that looks like chance and depends on all `numbers` (splitmix64)."""
    state = 0
    for number in numbers:
        state = (state ^ number) + 0x9E3779B97F4A7C15 & _MASK
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        state = (state ^ state >> 27) * 0x94D049BB133111EB & _MASK
        state ^= state >> 31
    return state


@lru_cache(maxsize=1)
def own_sentences() -> tuple[str, ...]:
    """The sentences that are put together here."""
    made = []
    for k in range(POOL):
        who, when, what, did, why = (
            words[mixed(1, k, place) % len(words)]
            for place, words in enumerate((WHO, WHEN, WHAT, DID, WHY))
        )
        # A number of its own keeps sentences apart that have most words in common.
        made.append(f"{when}、{who}は{why}{k}番の{what}{did}。")
    return tuple(made)


def sentences_of(corpus: str, most: int = POOL) -> tuple[str, ...]:
    """Sentences of the JSONL files of a folder, each once: natural text to recombine."""
    found: dict[str, None] = {}
    for path in sorted(Path(corpus).glob("*.jsonl*")):
        if "known" in path.name:
            continue
        for line in _lines(path):
            for part in str(orjson.loads(line).get("text", "")).replace("\n", "。").split("。"):
                if 20 <= len(part) <= 80:
                    found[part + "。"] = None
            if len(found) >= most:
                return tuple(found)[:most]
    return tuple(found)


def _lines(path: Path) -> Iterator[bytes]:
    if path.suffix == ".zst":
        import zstandard

        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            yield from io.BufferedReader(stream)
    elif path.suffix == ".gz":
        with gzip.open(path) as stream:
            yield from stream
    else:
        with path.open("rb") as file:
            yield from file


def planted(number: int, total: int, pool: Sequence[str]) -> Planted:
    """Text `number` of `total`."""
    kind = _KIND_OF[mixed(2, number) % len(_KIND_OF)]
    make = {
        "loner": _loner, "family": _family, "copy": _copy,
        "template": _template, "chain": _chain, "short": _short,
    }[kind]  # fmt: skip
    family, text = make(number, total, pool)
    return Planted(f"{number:010}", text, kind, f"{kind}-{family}")


def _base(key: int, pool: Sequence[str], count: int = SENTENCES) -> str:
    return "".join(pool[mixed(3, key, k) % len(pool)] for k in range(count))


def _changed(text: str, key: int, count: int) -> str:
    """The text with `count` characters changed, which and to what decided by `key`."""
    characters = list(text)
    for k in range(count):
        chance = mixed(4, key, k)
        place, value = chance % len(characters), chance >> 32
        characters[place] = CHANGED[value % len(CHANGED)]
    return "".join(characters)


def _loner(number: int, total: int, pool: Sequence[str]) -> tuple[int, str]:
    del total
    return number, _base(number, pool)


def _which_family(number: int, total: int) -> int:
    families = max(total // FAMILIES, 1)
    return int(families * (mixed(5, number) / 2**64) ** SKEW)


def _family(number: int, total: int, pool: Sequence[str]) -> tuple[int, str]:
    family = _which_family(number, total)
    text = _base(-1 - family & _MASK, pool)
    return family, _changed(text, number, mixed(6, number) % (MOST_CHANGED + 1))


def _copy(number: int, total: int, pool: Sequence[str]) -> tuple[int, str]:
    family = _which_family(number, total)
    text = _base(-1 - family & _MASK, pool)
    way = mixed(7, number) % 3
    if way == 0:
        return family, text.replace("、", "、 ")
    if way == 1:
        return family, text.replace("。", "。\n")
    return family, text.translate({ord("0") + k: ord("０") + k for k in range(10)})


def _template(number: int, total: int, pool: Sequence[str]) -> tuple[int, str]:
    del total
    form = mixed(8, number) % FORMS
    text = _base(mixed(9, form), pool, SENTENCES + 2)
    return form, f"{text}受付番号は{mixed(10, number) % 10_000:04}です。{text[::-1]}"


def _chain(number: int, total: int, pool: Sequence[str]) -> tuple[int, str]:
    chains = max(total * SHARES[KINDS.index("chain")] // 100 // CHAIN, 1)
    chain, place = mixed(11, number) % chains, mixed(12, number) % CHAIN
    text = _base(mixed(13, chain), pool, SENTENCES + 2)
    return chain, _changed(text, chain, CHAIN_STEP * place)


def _short(number: int, total: int, pool: Sequence[str]) -> tuple[int, str]:
    del total
    which = mixed(14, number) % SHORT
    return which, pool[which % len(pool)][: 2 + which % 11]


def write(folder: Path, total: int, pool: Sequence[str], most: int = FILE_TEXTS) -> int:
    """Write `total` texts as Parquet files of `most` texts; gives the bytes of UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for begin in range(0, total, most):
        made = [planted(number, total, pool) for number in range(begin, min(begin + most, total))]
        table = pa.table(
            {
                "id": [one.id for one in made],
                "text": [one.text for one in made],
                "kind": pa.array([one.kind for one in made]).dictionary_encode(),
                "family": [one.family for one in made],
            }
        )
        size += table.column("text").nbytes
        pq.write_table(table, folder / f"planted-{begin // most:05}.parquet", compression="zstd")
    return size
