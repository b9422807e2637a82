"""
Provenance as numbers: is the address of a text listed, has its site opted out, may its licence be.

What is known of a text besides its words is turned into one number each (`numbers_of`), which is
carried along to signals that the recipe defines (`signals_of`), so that these are limits like any
other. `addresses` and `lists` are about URLs, `optout` about what sites say to robots, `licences`
about the many names of a licence.
"""

from seimai.pipeline.provenance.columns import numbers_of, signals_of

__all__ = ["numbers_of", "signals_of"]
