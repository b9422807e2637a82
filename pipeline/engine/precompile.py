"""
Compile every kernel into numba's cache: `python -m seimai.pipeline.engine.precompile`.

`make setup` calls it, so that the first run and every worker find compiled kernels.
"""

from __future__ import annotations

import importlib
import pkgutil

from seimai.pipeline import kernels


def main() -> None:
    """Import all kernel modules; with their explicit signatures that compiles them."""
    for module in pkgutil.iter_modules(kernels.__path__):
        # Modules of kernels run when they are first asked for something; so ask.
        vars(importlib.import_module(f"{kernels.__name__}.{module.name}"))["__doc__"]


if __name__ == "__main__":
    main()
