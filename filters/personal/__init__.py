"""
Personal data: addresses, telephone numbers, numbers of cards, papers and accounts, births, names.

Each kind says what it may look like and when it is that: precision matters as much as recall, for
order numbers, versions, laws, scores and prices fill the same pages. A number counts in its shape
and behind its label, or where arithmetic proves it; an address from its house number on; a name
where a label, a title or a reading says that it is one (see the modules beside this one).

A mask replaces all of it, and no mask depends on what it hides. Role addresses and toll-free
numbers are masked too: nothing in a text tells reliably whether one person answers. Names are found
and counted, and masked only where a recipe asks for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from seimai.filters.personal.finding import find, search, signs_of
from seimai.filters.personal.masks import due, masking, masking_in_batch
from seimai.filters.personal.sensitive import names_of, sensitive_places, told_places
from seimai.filters.personal.signs import walk
from seimai.filters.personal.spans import ALL_KINDS, MASK_OF, NAME, NUMBERS, Span
from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from seimai.filters.personal.papers import Found
    from seimai.filters.personal.signs import Signs
    from seimai.pipeline.cleaner import Cleaner

__all__ = [
    "ALL_KINDS",
    "MASKS",
    "NUMBERS",
    "Span",
    "count_kinds",
    "count_masks",
    "find",
    "personal",
]

MASKS = tuple(MASK_OF.values())

_ALL = frozenset(ALL_KINDS)
_NAMES = frozenset((NAME,))


def _variant(usual: Cleaner, kinds: Sequence[str]) -> Cleaner:
    """The cleaner for the kinds that a recipe names under `personal`."""
    masks = tuple(MASK_OF[kind] for kind in ALL_KINDS if kind in kinds)
    return replace(
        usual,
        function=masking(kinds),
        in_batch=masking_in_batch(kinds),
        masks=masks,
        due=due(kinds),
    )


_mask_numbers = masking(NUMBERS)


@cleaner(
    "personal",
    due=due(NUMBERS),
    in_batch=masking_in_batch(NUMBERS),
    masks=MASKS,
    version=4,
    variant=_variant,
)
def personal(text: str) -> str:
    """
    Numbers, dates and addresses that tell who somebody is become fixed tokens.

    The tokens are <EMAIL>, <PHONE>, <CARD>, <MYNUMBER>, <POSTAL_CODE>, <ADDRESS>, <BANK_ACCOUNT>,
    <DRIVER_LICENSE>, <PASSPORT>, <HEALTH_INSURANCE>, <PENSION_NUMBER>, <RESIDENCE_CARD>,
    <BIRTH_DATE> and <IP_ADDRESS>; a recipe names under `personal` which kinds it wants, and
    PERSON_NAME where names are to go as well. Left alone are mentions (@name), decorators, package
    names, git@host, numbers with another label (注文番号), wrong check digits, and whatever has
    the digits of a telephone number but not its groups, unless 電話, TEL or the like says so.

    >>> personal("担当: 佐藤 sato@example.jp 電話（03）1234-5678、注文番号 0312-34-5678")
    '担当: 佐藤 <EMAIL> 電話<PHONE>、注文番号 0312-34-5678'
    """
    return _mask_numbers(text)


# --- signals -----------------------------------------------------------------------------------


@signal("pii.mask_count", between=(0, float("inf")))
def mask_count(texts: Texts) -> Numbers:
    """
    Masks in the text: what `personal` replaced, as it will be released.

    A page of prose has none or one. Directories, lists of contacts and forum archives have dozens,
    and little else: a limit on masks finds them. Texts that came with masks of the same form count
    as well.

    >>> mask_count(Texts.of("電話 <PHONE> メール <EMAIL>", "米"))
    array([2, 0])
    """
    return texts.masks


def _named(_texts: Texts) -> dict[int, tuple[Signs, list[Found]]]:
    """The signs and names of texts of this batch, by row, as they are found."""
    return {}


def count_kinds(texts: Texts) -> NDArray[np.int64]:
    """
    How often each kind stands in each text: a row per text, a column per kind of `ALL_KINDS`.

    What the cleaner `personal` has masked is not there any more; names are counted behind it too.
    """
    counts = np.zeros((len(texts), len(ALL_KINDS)), np.int64)
    column = {kind: place for place, kind in enumerate(ALL_KINDS)}
    named = texts.once(_named)
    walked = texts.once(walk)
    # Behind the cleaner nothing is left but names, because it runs until nothing is.
    masked = texts.carried("personal") == 1
    for wanted, rows in ((_ALL, ~masked), (_NAMES, masked)):
        may = walked.found & np.uint64(signs_of(wanted)) != 0
        asked = np.flatnonzero(rows & may).tolist()
        for row, signs in zip(asked, walked.of(asked), strict=True):
            found, names = search(signs, wanted)
            if names is not None:
                named[row] = signs, names
            for span in found:
                counts[row, column[span.kind]] += 1
    return counts


def count_masks(texts: Texts) -> NDArray[np.int64]:
    """Masks of each kind in each text: a row per text, a column per kind of `ALL_KINDS`."""
    counts = np.zeros((len(texts), len(ALL_KINDS)), np.int64)
    for row in np.flatnonzero(texts.masks).tolist():
        text = texts.column[row].as_py()
        counts[row] = [text.count(MASK_OF[kind]) for kind in ALL_KINDS]
    return counts


def _where(*kinds: str) -> Callable[[str], list[tuple[int, int]]]:
    """Where the kinds of a signal stand in a text."""
    return lambda text: [(span.start, span.end) for span in find(text, kinds=kinds)]


def _count(texts: Texts, *kinds: str) -> Numbers:
    counts = texts.once(count_kinds)
    chosen: Numbers = counts[:, [ALL_KINDS.index(kind) for kind in kinds]].sum(axis=1)
    return chosen


_PAPERS = (
    "MY_NUMBER",
    "DRIVER_LICENSE",
    "PASSPORT",
    "HEALTH_INSURANCE",
    "PENSION_NUMBER",
    "RESIDENCE_CARD",
)


@signal("pii.email_count", version=3, between=(0, float("inf")), where=_where("EMAIL"))
def email_count(texts: Texts) -> Numbers:
    """
    E-mail addresses that are still in the text.

    Zero behind the cleaner `personal`; without it, what a limit can reject instead of masking.

    >>> email_count(Texts.of("taro＠example．jp まで", "@app.route と git@github.com:a/b.git"))
    array([1, 0])
    """
    return _count(texts, "EMAIL")


@signal("pii.phone_count", version=4, between=(0, float("inf")), where=_where("PHONE"))
def phone_count(texts: Texts) -> Numbers:
    """
    Telephone numbers that are still in the text.

    Zero behind the cleaner `personal`. Numbers that nothing tells from order numbers (ten digits
    without groups or label) are not counted.

    >>> phone_count(Texts.of("0120-123-456", "〒100-0001 注文番号 0312345678"))
    array([1, 0])
    """
    return _count(texts, "PHONE")


@signal(
    "pii.address_count",
    version=3,
    between=(0, float("inf")),
    where=_where("ADDRESS", "POSTAL_CODE"),
)
def address_count(texts: Texts) -> Numbers:
    """
    Postal codes, and addresses down to the house number, that are still in the text.

    Zero behind the cleaner `personal`. A city or its quarter is no address, so news have few; what
    has dozens is a directory. Shops and offices count as well, for nothing tells who lives there.

    >>> address_count(Texts.of("〒150-0002 東京都渋谷区渋谷2-21-1", "東京都渋谷区の人口"))
    array([2, 0])
    """
    return _count(texts, "ADDRESS", "POSTAL_CODE")


@signal(
    "pii.account_count",
    version=3,
    between=(0, float("inf")),
    where=_where("BANK_ACCOUNT", "CREDIT_CARD"),
)
def account_count(texts: Texts) -> Numbers:
    """
    Numbers of bank accounts and credit cards that are still in the text.

    Zero behind the cleaner `personal`. Cards have a check digit; an account is seven digits behind
    口座番号 or 普通 and the name of a bank, and one that stands without them is missed.

    >>> account_count(Texts.of("青葉銀行 本店 普通 1234567", "普通 2345678 件"))
    array([1, 0])
    """
    return _count(texts, "BANK_ACCOUNT", "CREDIT_CARD")


@signal("pii.paper_count", version=3, between=(0, float("inf")), where=_where(*_PAPERS))
def paper_count(texts: Texts) -> Numbers:
    """
    Numbers of papers of a person that are still in the text.

    My Number, licences, passports, residence cards, health insurance and pension numbers, each in
    its form and behind its label. Zero behind the cleaner `personal`; a text with several of them
    is a filled form or a list that should not be here at all.

    >>> paper_count(Texts.of("旅券番号 TK1234567", "型番 TK1234567"))
    array([1, 0])
    """
    return _count(texts, *_PAPERS)


@signal("pii.birth_count", version=3, between=(0, float("inf")), where=_where("BIRTH_DATE"))
def birth_count(texts: Texts) -> Numbers:
    """
    Dates of birth that are still in the text.

    Zero behind the cleaner `personal`. Whole dates behind 生年月日 or before 生まれ, from 1900 on;
    years alone are left to articles. Biographies of the living have one, registers have many.

    >>> birth_count(Texts.of("生年月日 昭和60年3月5日", "昭和60年3月5日に開業"))
    array([1, 0])
    """
    return _count(texts, "BIRTH_DATE")


@signal("pii.machine_count", version=2, between=(0, float("inf")), where=_where("IP_ADDRESS"))
def machine_count(texts: Texts) -> Numbers:
    """
    IP addresses, version 4 and 6, that are still in the text.

    Zero behind the cleaner `personal`. Versions, masks of networks and loopbacks do not count; logs
    of servers and boards have one a line, manuals their examples.

    >>> machine_count(Texts.of("アクセス元 203.0.113.45", "Version 1.2.3.4"))
    array([1, 0])
    """
    return _count(texts, "IP_ADDRESS")


@signal("pii.name_count", version=3, between=(0, float("inf")), where=_where(NAME))
def name_count(texts: Texts) -> Numbers:
    """
    Names of persons that something around them says are names.

    A label (氏名), a title (様, さん), a reading in kana or a greeting has to stand by them; whom
    an article is about does not count. Counted behind the cleaner `personal` too, which leaves
    names unless the recipe asks for them. Novels and minutes have hundreds: a limit needs thought.

    >>> name_count(Texts.of("担当：山田太郎", "山田町と太郎坊"))
    array([1, 0])
    """
    return _count(texts, NAME)


@signal("pii.sensitive_count", version=2, between=(0, float("inf")), where=sensitive_places)
def sensitive_count(texts: Texts) -> Numbers:
    """
    Words on health, belief, crime, status or disability in the sentence of a named person.

    The Japanese law on personal information asks for consent before such data (要配慮個人情報) are
    collected. A candidate, not a finding: it takes a name that counts as one (see
    `pii.name_count`), and words that tell of a state of this person (診断された, 前科, 信者), so
    that articles about an illness or a religion stay quiet. Reports of crimes count.

    >>> sensitive_count(Texts.of("山田太郎さんは糖尿病と診断された。", "糖尿病は増えている。"))
    array([2, 0])
    """
    counts = np.zeros(len(texts), np.int64)
    texts.once(count_kinds)
    named = texts.once(_named)
    walked = texts.once(walk)
    # A name that was masked is still somebody's.
    looked_at = (walked.found & np.uint64(signs_of(_NAMES)) != 0) | (texts.masks > 0)
    rows = np.flatnonzero(looked_at).tolist()
    others = [row for row in rows if row not in named]
    for row, signs in zip(others, walked.of(others), strict=True):
        named[row] = signs, names_of(signs)
    for row in rows:
        signs, names = named[row]
        counts[row] = len(told_places(signs.folded, names))
    return counts
