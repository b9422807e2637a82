"""Which texts stay: limits, duplicates, twins in earlier releases, pages inside of pages."""
