"""CSS selectors that a recipe holds for the pages of a host."""

from __future__ import annotations


def selector_fault(selector: str) -> str:
    """Why a CSS selector is none; "" for one that is, and where no parser can say."""
    try:
        from resiliparse.parse.html import HTMLTree
    except ImportError:
        return ""
    try:
        document = HTMLTree.parse("<body></body>").document
        if document is not None:
            document.query_selector(selector)
    except Exception as error:  # noqa: BLE001 - the library has a class of its own for it
        return str(error) or type(error).__name__
    return ""
