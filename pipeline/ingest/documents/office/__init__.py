"""
Office documents: their visible text in reading order, one file per family of formats.

All but RTF and the old binary formats (`legacy.py`) are XML in ZIP archives. They are read as
streams of events (`package.py`) with Python's own parsers, so that a hostile file meets limits
first: no document type declarations, no entities, no depth that a stack would feel, no part larger
than allowed.
"""
