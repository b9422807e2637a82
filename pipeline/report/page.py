"""The frame of a page: style, script, both titles, and a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from seimai.pipeline.messages import asked_language


def whole_page(english: str, japanese: str, body: str) -> str:
    """
    A page with its titles in both languages (HTML) around a body; nothing else may run.

    It opens in the language that this process was told to speak (`--lang`), else in the reader's;
    whoever switches it is remembered.
    """
    first = asked_language()
    asked = f' data-first="{first}"' if first else ""
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src {_allowed(style)}; script-src {_allowed(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return f"""<!doctype html>
<html lang="{first or "en"}"{asked} data-en="{english}" data-ja="{japanese}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{english}</title>
<style>{style}</style>
</head>
<body>
{body}
<script>{script}</script>
</body>
</html>
"""


def _asset(name: str) -> str:
    return resources.files("seimai.pipeline.report").joinpath(name).read_text("utf-8")


def _allowed(inline: str) -> str:
    """The digest by which a policy recognises an inline style or script."""
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    return f"'sha256-{digest}'"
