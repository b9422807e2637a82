"""
What is found in a text: the kinds of personal data, their masks, and spans.

A kind has one mask, which never depends on what it hides.
"""

from __future__ import annotations

from typing import NamedTuple, Self

MASK_OF = {
    "EMAIL": "<EMAIL>",
    "PHONE": "<PHONE>",
    "POSTAL_CODE": "<POSTAL_CODE>",
    "ADDRESS": "<ADDRESS>",
    "MY_NUMBER": "<MYNUMBER>",
    "CREDIT_CARD": "<CARD>",
    "BANK_ACCOUNT": "<BANK_ACCOUNT>",
    "DRIVER_LICENSE": "<DRIVER_LICENSE>",
    "PASSPORT": "<PASSPORT>",
    "HEALTH_INSURANCE": "<HEALTH_INSURANCE>",
    "PENSION_NUMBER": "<PENSION_NUMBER>",
    "RESIDENCE_CARD": "<RESIDENCE_CARD>",
    "BIRTH_DATE": "<BIRTH_DATE>",
    "IP_ADDRESS": "<IP_ADDRESS>",
    "PERSON_NAME": "<PERSON_NAME>",
}
"""Every kind with its mask. Two masks are older than the kinds and keep their names."""

ALL_KINDS = tuple(MASK_OF)
NAME = "PERSON_NAME"
NUMBERS = tuple(kind for kind in ALL_KINDS if kind != NAME)
"""Numbers, dates and addresses: what a pattern finds surely enough to change a text."""

KIND_OF = {mask: kind for kind, mask in MASK_OF.items()}


class _Place(NamedTuple):
    start: int
    end: int
    mask: str


class Span(_Place):
    """
    One piece of personal data: a tuple of start, end and mask that also knows more.

    >>> start, end, mask = Span(3, 15, "PHONE", 0.99)
    >>> Span(3, 15, "PHONE", 0.99).kind, mask
    ('PHONE', '<PHONE>')
    """

    kind: str
    """What kind of personal data it is, a key of `MASK_OF`."""
    certainty: float
    """How sure it is, 0 to 1: the share that was right of what a rule like this one found."""

    def __new__(cls, start: int, end: int, kind: str, certainty: float = 1.0) -> Self:
        """Make a span with the mask of its kind."""
        made = super().__new__(cls, start, end, MASK_OF[kind])
        made.kind = kind
        made.certainty = certainty
        return made

    def __getnewargs__(self) -> tuple[int, int, str, float]:
        """The arguments that `pickle` and `copy` make it again with."""
        return self.start, self.end, self.kind, self.certainty
