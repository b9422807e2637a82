"""
Languages with an alphabet of their own or with accents, so that they are named, not mangled.

Their letters are few and sit at other bytes in every encoding, so that a rough order of how
frequent they are is enough; it was written down by hand.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Alphabet:
    """How a family of languages differs from English; costs are nats."""

    letters: tuple[tuple[float, str], ...]
    """Cost of a letter among those of its class, and the letters."""
    own: bool = False
    """Whether words consist of these letters; else they stand among Latin ones."""
    begins: float = -4.5
    mixed: float = -3.3
    """How likely such a letter comes after a space or mark, and after a Latin letter."""
    marks: str = ""
    """Quotation marks and the like."""
    joined: str = ""
    """Signs that only stand with a letter, in about every second syllable."""


THAI_MARKS = "ะาัำิีึืุูเแโใไ็่้๊๋์"


ALPHABETS: dict[str, Alphabet] = {
    "latin": Alphabet(
        ((6.0, "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒœìòÿ"), (4.0, "ïëûùîôâõåøæÉÜÄÖ"),
         (3.0, "éèàäöüßçñáíóêúã"), (8.0, "ÐÞðþýÝ×÷")),
        mixed=-3.2, marks="«»¿¡„‚‘“”",
    ),
    "central": Alphabet(
        ((6.0, "ĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽĽĹŔÄÖÜßŐŰÂÎÔĂŞŢĐ"), (4.0, "áéíóúýöüäâîôŽČŠŁŚ"),
         (2.8, "ąćęłńśźżčďěňřšťůžľőűăşţđ")),
        begins=-5.0, mixed=-3.2, marks="„”»«",
    ),
    "turkish": Alphabet(
        ((5.5, "ÇĞÖŞÜÂâîû"), (2.0, "ıİşğçöü")), begins=-5.0, mixed=-2.6, marks="«»“”",
    ),
    "vietnamese": Alphabet(
        ((4.5, "ĐÂÊÔĂƠƯéèíìóòúùýáàÁ"), (2.5, "đơưăâêôáà\u0300\u0301\u0303\u0309\u0323")),
        begins=-3.5, mixed=-1.5, marks="“”",
    ),
    "cyrillic": Alphabet(
        ((6.0, "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐЎ"),
         (4.0, "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґў"),
         (6.0, "ёЁѓќљњџђћ"), (2.6, "оеаинтсрвл")),
        own=True, begins=-1.0, mixed=-9.0, marks="«»№",
    ),
    "greek": Alphabet(
        ((6.0, "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫϊϋΐΰ"), (4.2, "αβγδεζηθικλμνξοπρςστυφχψωάέήίόύώ"),
         (2.8, "αοιετσνηυρπκς")),
        own=True, begins=-1.0, mixed=-9.0, marks="«»",
    ),
    "thai": Alphabet(
        ((4.6, "กขคฆงจฉชซญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮๆฯฤ"), (7.0, "ฃฅฌ๏฿"),
         (2.9, "นรอกงมยลวดทส"), (4.5, THAI_MARKS), (2.2, "ัี้่าเิ")),
        own=True, begins=-1.0, mixed=-4.0, joined=THAI_MARKS,
    ),
}  # fmt: skip
