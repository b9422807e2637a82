"""Plain text, light markup and XML: one file, one document; dumps of wikis, one per page."""
