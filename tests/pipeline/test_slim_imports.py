"""Imports done quickly, and what they leave as it was."""

import gc

from seimai.pipeline.slim_imports import long_lived_imports


def test_garbage_is_looked_for_again() -> None:
    """Within the block nothing looks for garbage; after it whoever was looking does so again."""
    told = []
    gc.enable()
    with long_lived_imports():
        told.append(gc.isenabled())
        with long_lived_imports():
            pass
        told.append(gc.isenabled())
    told.append(gc.isenabled())

    assert [False, False, True] == told
    gc.unfreeze()
