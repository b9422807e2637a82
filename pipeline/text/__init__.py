"""
What a signal sees: a batch of texts, their pieces and their tokens, in arrays.

The names here are those that filters and plugins may rely on.
"""

from seimai.pipeline.text.lexicon import Lexicon
from seimai.pipeline.text.pieces import Pieces, divide
from seimai.pipeline.text.tables import BLANK, CLOSING, SENTENCE_STOP, character_table, kind_table
from seimai.pipeline.text.texts import Texts
from seimai.pipeline.text.tokens import PARTS_OF_SPEECH, Tokens

__all__ = [
    "BLANK",
    "CLOSING",
    "PARTS_OF_SPEECH",
    "SENTENCE_STOP",
    "Lexicon",
    "Pieces",
    "Texts",
    "Tokens",
    "character_table",
    "divide",
    "kind_table",
]
