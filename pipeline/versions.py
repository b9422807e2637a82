"""
The versions of the stages: raised when one gives other bytes for the same input and settings.

They are part of every fingerprint, so files of an older version are made again. They are separate
from the stages because a run with nothing to do must not load kernels to find that out.
"""

INGEST = 10
MEASURE = 1
HASH_VIEW = 1
SKETCH = 1
GROUP = 2
AGAINST = 1
CONTAINED = 1
PASSAGES = 1
TOKENIZE = 1
JUDGE = 1
COUNTS = 1
RELEASE = 2
