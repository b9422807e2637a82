"""
Office documents: their visible text in reading order, a folder for each kind of program.

All but RTF and the old binary formats (`legacy.py`) are XML in ZIP archives. They are read as
streams of events (`package.py`) with Python's own parsers, so that a hostile file meets limits
first: no document type declarations, no entities, no depth that a stack would feel, no part larger
than allowed.
"""
