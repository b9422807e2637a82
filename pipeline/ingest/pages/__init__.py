"""Web pages, alone and in crawls."""
