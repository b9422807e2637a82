"""Word: DOCX and DOC with what they share, formulas and automatic numbering; Word 6 and 95."""
