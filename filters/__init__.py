"""Signals and cleaners: they measure and polish text, and never see a limit."""

from __future__ import annotations

import importlib
import pkgutil

# One file in this folder is one family: nothing to list, nothing to forget.
for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
