"""The stages of a text's journey, a module each: tables in, tables out."""
