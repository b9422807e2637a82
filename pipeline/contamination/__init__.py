"""
Contamination: items of benchmarks that stand in texts.

`layouts` reads benchmark files, `generic` knows what is a question of no benchmark in particular,
`index` makes seeds of the rest and finds them in texts, and `columns` turns the benchmarks that a
recipe names into signals. Whether a text is rejected for it is for the recipe to say.
"""

from seimai.pipeline.contamination.columns import FAMILY, signals_of
from seimai.pipeline.contamination.index import Hit, Index, index_of

__all__ = ["FAMILY", "Hit", "Index", "index_of", "signals_of"]
