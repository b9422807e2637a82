"""RTF, alone or packed into messages: control words, fonts, tables."""
