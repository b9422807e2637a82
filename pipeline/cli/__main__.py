"""`python -m seimai.pipeline.cli`: the command line without its script."""

from __future__ import annotations

import sys

from seimai.pipeline.cli import main

sys.exit(main())
