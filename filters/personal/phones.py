"""
Telephone numbers of Japan in all their spellings, and foreign ones that begin with a country code.

What tells them from order numbers is arithmetic: a line has ten digits, a mobile eleven, and area
code and exchange together make six. HojiChar's pattern, which asks for neither groups nor
boundaries, was seen to miss 0120-123-456 and 03(1234)5678 and to fire inside corporate numbers.
"""

from __future__ import annotations

import re

from seimai.filters.personal.kinds import Kind, Match, label_before
from seimai.filters.personal.looks import Sign

MASK = "<PHONE>"

# The area codes of three and five digits are few; those of four digits are the rest.
_AREA_3 = "01[1789]|02[2-9]|04[2-9]|05[234589]|07[235-9]|08[2-46-9]|09[235-9]"
_AREA_5 = (
    "01267|0137[247]|0139[278]|0145[67]|01466|01547|01558|01564|0158[67]|0163[245]|01648"
    "|0165[4568]|0499[2468]|05769|05979|07468|0838[78]|08396|08477|0851[24]|09496|09802|0991[23]"
    "|09969"
)
_THREE_GROUPS = re.compile(
    r"0[5-9]0-\d{4}-\d{4}"  # mobile, IP
    r"|0800-\d{3}-\d{4}|(?:0120|0570|0180|0990)-(?:\d{3}-\d{3}|\d{2}-\d{4})"  # toll-free, services
    rf"|0[346]-\d{{4}}-\d{{4}}|(?:{_AREA_3})-\d{{3}}-\d{{4}}"
    rf"|0[1-9][1-9]\d-\d{{2}}-\d{{4}}|(?:{_AREA_5})-\d-\d{{4}}",
    re.ASCII,
)
_TWO_GROUPS = re.compile(
    r"0[5-9]0-\d{8}|0[5-9]0\d{4}-\d{4}|(?:0120|0570)-\d{6}|0800-\d{7}", re.ASCII
)
_ONE_GROUP = re.compile(r"0[789]0[1-9]\d{7}", re.ASCII)
_SHAPES = (_ONE_GROUP, _TWO_GROUPS, _THREE_GROUPS)
_DIALLED = re.compile(
    r"0[5-9]0\d{8}|0800\d{7}|(?:0120|0570|0180|0990)\d{6}|0(?:[1-9][1-9]|[346]\d)\d{7}", re.ASCII
)
"""Whatever the groups: enough digits and a possible beginning. Good enough after a label."""
_MOBILE = ("070", "080", "090")

_NOT_BEFORE = re.compile(r"[A-Za-z0-9_$¥\\%^]\Z|[A-Za-z0-9][-/]\Z")
_NOT_AFTER = re.compile(
    r"[_@]|[-.][0-9]|-[A-Za-z]|(?!tel|fax|ext|x[0-9]|phone|mobile|e-?mail|mail|http|url)[A-Za-z]",
    re.IGNORECASE,
)
_NOT_BEFORE_PLAIN = re.compile(r"[#=.+'/-]\Z|[0-9][:*]\Z")
_NOT_AFTER_PLAIN = re.compile(r"[.:/+*%=][0-9]|[円個件年月日時分秒点人台号%]")
_URL = re.compile(r"(?:[a-z]+://|www\.)[!-'*-~]*\Z", re.IGNORECASE)
_URL_LOOK_BACK = 300
"""Characters before a number that may be an address of the web which it is a part of."""


def _stands_alone(match: Match, text: str, gap: str, *, labelled: bool, plain: bool) -> bool:
    """Whether nothing on either side makes the digits part of something longer."""
    if _NOT_BEFORE.search(gap) or _NOT_AFTER.match(text, match.end()):
        return False
    if labelled:
        return True
    if plain and (_NOT_BEFORE_PLAIN.search(gap) or _NOT_AFTER_PLAIN.match(text, match.end())):
        return False
    return not _URL.search(text[max(0, match.start() - _URL_LOOK_BACK) : match.start()])


def _is_phone(match: Match, text: str) -> bool:
    """
    The groups of a telephone number, or after a label any groups of enough digits.

    Without a label, groups with only spaces between must be those of a mobile or a toll-free
    number, all of which begin with a group ending in 0: columns of figures look like the others.
    """
    kind, gap = label_before(match, text)
    if kind == "other":
        return False
    labelled = kind == "phone"
    pieces = re.findall("[0-9]+", match[0])
    joins = {join.strip(" ") for join in re.findall("[^0-9]+", match[0].lstrip("("))}
    if not _stands_alone(match, text, gap, labelled=labelled, plain=len(pieces) == 1):
        return False
    if labelled and _DIALLED.fullmatch("".join(pieces)):
        return True
    if "." in joins and gap.endswith("."):
        return False
    bracketed = any(")" in join for join in joins)
    if len(joins) > 1 and not bracketed and pieces[0] not in _MOBILE:
        return False
    if joins == {""} and (not pieces[0].endswith("0") or re.match(" [0-9]", text[match.end() :])):
        return False
    return _SHAPES[len(pieces) - 1].fullmatch("-".join(pieces)) is not None


def _is_japanese_abroad(match: Match, text: str) -> bool:
    """+81 and then a number that could be dialled, its first 0 left out, kept or in brackets."""
    kind, gap = label_before(match, text)
    digits = re.sub("[^0-9]", "", match["rest"]).removeprefix("0")
    return (
        kind != "other"
        and _stands_alone(match, text, gap, labelled=kind == "phone", plain=False)
        and _DIALLED.fullmatch("0" + digits) is not None
    )


def _is_labelled_abroad(match: Match, text: str) -> bool:
    """The same without the plus, which only 電話 or the like makes a country code."""
    return label_before(match, text)[0] == "phone" and _is_japanese_abroad(match, text)


def _is_foreign(match: Match, text: str) -> bool:
    """A country code and, set off from it, as many digits as the standard E.164 allows."""
    kind, gap = label_before(match, text)
    digits = re.sub("[^0-9]", "", match[0])
    return (
        kind != "other"
        and 10 <= len(digits) <= 15
        and _stands_alone(match, text, gap, labelled=kind == "phone", plain=False)
    )


def _is_phone_in_kanji(match: Match, text: str) -> bool:
    """The groups of a telephone number in kanji figures, as vertical writing has them."""
    digits = match[0].translate(str.maketrans("〇零一二三四五六七八九", "00123456789"))
    groups = "-".join(re.findall("[0-9]+", digits))
    return label_before(match, text)[0] != "other" and _THREE_GROUPS.fullmatch(groups) is not None


def _is_set_apart(match: Match, text: str) -> bool:
    """The groups of a telephone number whose figures stand apart, as forms have them."""
    groups = re.sub("[-()]", "-", match[0].replace(" ", ""))
    return label_before(match, text)[0] != "other" and _THREE_GROUPS.fullmatch(groups) is not None


_LOCAL_LABEL = re.compile(
    r"(?:電話|でんわ|ファックス|ファクス|(?<![A-Za-z])(?:TEL|FAX)|[℡☎☏])(?:番号)?"
    r"[ :|(はの./]{0,3}\Z",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:19|20)[0-9]{2}-(?:19|20)[0-9]{2}")
_COUNTED = re.compile("[枚回線通組名型式]|番(?!号)")
_LOCAL_LOOK = 14
"""Characters before a number that its label and what follows it may have."""


def _is_local(match: Match, text: str) -> bool:
    """A number without its area code, right behind 電話 or TEL."""
    before = text[max(0, match.start() - _LOCAL_LOOK) : match.start()]
    return (
        _LOCAL_LABEL.search(before) is not None
        and _YEARS.fullmatch(match[0]) is None
        and _NOT_AFTER.match(text, match.end()) is None
        and _NOT_AFTER_PLAIN.match(text, match.end()) is None
        and _COUNTED.match(text, match.end()) is None
    )


_ZERO = Sign.ZERO | Sign.KANJI_ZERO
_JOIN = r"(?: ?[-.] ?|[の・]| ?\( ?| ?\) ?-? ?| )"
_KANJI = "[〇零一二三四五六七八九]"
_COUNTRIES = "1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[246]|9[0-58]|[2-689][0-9]{2}"

KINDS = (
    Kind(
        MASK,
        (Sign.ABROAD,),
        re.compile(
            r"(?:\(\+ ?81\)|\+(?<![0-9A-Za-z]\+) ?81)"
            r"(?P<rest>(?:[-. ]{0,2}\(?[0-9]{1,4}\)?){1,5}(?<=[0-9]{3}))(?![0-9])"
        ),
        _is_japanese_abroad,
        before=len("("),
    ),
    Kind(
        MASK,
        (Sign.ABROAD,),
        re.compile(
            rf"(?:\(\+(?:{_COUNTRIES})\)|\+(?<![0-9A-Za-z]\+)(?!81)(?:{_COUNTRIES}))"
            r"[-. ]{1,2}\(?[1-9][0-9]{0,10}\)?"
            r"(?:[-. ]\(?[0-9]{2,5}\)?){0,4}(?<=[0-9]{2})(?![0-9])"
        ),
        _is_foreign,
        before=len("("),
    ),
    Kind(
        MASK,
        (_ZERO,),
        re.compile(rf"\(0[0-9]{{1,4}}\) ?-? ?[0-9]{{1,4}}{_JOIN}[0-9]{{3,6}}(?![0-9])"),
        _is_phone,
        before=len("("),
    ),
    Kind(
        MASK,
        (_ZERO,),
        re.compile(rf"0(?<![0-9]0)[0-9]{{1,4}}{_JOIN}[0-9]{{1,4}}{_JOIN}[0-9]{{3,6}}(?![0-9])"),
        _is_phone,
    ),
    Kind(
        MASK,
        (_ZERO,),
        re.compile(rf"0(?<![0-9]0)[0-9]{{1,6}}{_JOIN}[0-9]{{4,8}}(?![0-9])"),
        _is_phone,
    ),
    Kind(MASK, (_ZERO,), re.compile("0(?<![0-9]0)[0-9]{9,10}(?![0-9])"), _is_phone),
    Kind(
        MASK,
        (_ZERO,),
        re.compile(
            r"0(?<![0-9]0)(?: [0-9]){1,4} ?[-(] ?[0-9](?: [0-9]){1,3} ?[-)] ?[0-9](?: [0-9]){3}"
            r"(?! ?[0-9])"
        ),
        _is_set_apart,
    ),
    Kind(
        MASK,
        (_ZERO,),
        re.compile(
            rf"\(?(?:[〇零](?<!{_KANJI}.)|0(?<![0-9].)(?<!{_KANJI}.))"
            rf"{_KANJI}{{1,4}}(?:[-(の・]|\) ?){_KANJI}{{1,4}}[-)の・]{_KANJI}{{3,4}}(?!{_KANJI})"
        ),
        _is_phone_in_kanji,
        before=len("("),
    ),
    Kind(
        MASK,
        (Sign.LOCAL,),
        re.compile(r"81(?P<rest>[-. ]\(?[0-9]{1,4}\)?[-. ][0-9]{1,4}[-. ][0-9]{3,4})(?![0-9])"),
        _is_labelled_abroad,
    ),
    Kind(
        MASK,
        (Sign.LOCAL,),
        re.compile(
            r"(?:\([2-9][0-9]{0,3}\) ?-?|[2-9](?<![0-9].)[0-9]{0,3}(?:-|\) ?-?))[0-9]{4}(?![0-9])"
        ),
        _is_local,
        before=len("("),
        certainty=0.95,
    ),
)
