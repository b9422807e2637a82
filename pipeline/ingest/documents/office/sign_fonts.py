"""
Letters in fonts of signs: what `a` in Symbol and `þ` in Wingdings look like, as Unicode.

Word and its kin write Greek letters, bullets and ticked boxes as letters of another font. Read by
their codes alone `10 mm` stands where `10 µm` was meant. The table of Symbol is Adobe's encoding of
that font; of Wingdings it holds the signs that stand in running text.
"""

from __future__ import annotations

SYMBOL_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
)
SYMBOL = {
    **{ord(letter): sign for letter, sign in SYMBOL_LETTERS.items()},
    0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥",
    0x7E: "∼", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xA6: "ƒ", 0xA7: "♣", 0xA8: "♦",
    0xA9: "♥", 0xAA: "♠", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°",
    0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷",
    0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC0: "ℵ", 0xC4: "⊗", 0xC5: "⊕", 0xC6: "∅",
    0xC7: "∩", 0xC8: "∪", 0xC9: "⊃", 0xCA: "⊇", 0xCB: "⊄", 0xCC: "⊂", 0xCD: "⊆", 0xCE: "∈",
    0xCF: "∉", 0xD0: "∠", 0xD1: "∇", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√",
    0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨", 0xDB: "⇔", 0xDC: "⇐", 0xDD: "⇑", 0xDE: "⇒",
    0xDF: "⇓", 0xE0: "◊", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
WINGDINGS = {
    0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x75: "◆",
    0x76: "❖", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "◻", 0xAB: "★", 0xD8: "➢", 0xDF: "←",
    0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑", **{0x81 + k: chr(0x2460 + k) for k in range(10)},
    **{0x8C + k: chr(0x2776 + k) for k in range(10)},
}  # fmt: skip
TABLES = {"symbol": SYMBOL, "wingdings": WINGDINGS}
SAME = set("0123456789!#%&()+,./:;<=>?[]{}|_ ")
"""Signs that Symbol has where ASCII has them."""
PRIVATE = 0xF000
"""The first code point at which Windows puts the letters of such fonts."""


def is_sign_font(font: str) -> bool:
    """Whether the letters of a font are signs that are known here."""
    return font.strip().lower() in TABLES


def sign(font: str, code: int) -> str:
    """
    What a letter of a font of signs shows, "" where that is not known.

    >>> sign("Symbol", 0x6D), sign("Symbol", 0xF06D), sign("Wingdings", 0xFE), sign("Arial", 0x6D)
    ('μ', 'μ', '☑', '')
    """
    table = TABLES.get(font.strip().lower())
    if table is None:
        return ""
    code -= PRIVATE if code >= PRIVATE else 0
    if table is SYMBOL and code < 0x80 and chr(code) in SAME:
        return chr(code)
    return table.get(code, "")


def signs(font: str, text: str) -> str:
    """
    What a text in a font of signs shows; letters that are not known there stay as they are.

    >>> signs("Symbol", "10 mm \uf0b3"), signs("Wingdings", "\uf0fc済")
    ('10 μμ ≥', '✓済')
    """
    return "".join(sign(font, ord(one)) or one for one in text)
