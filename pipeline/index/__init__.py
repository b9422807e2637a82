"""Everything that was released, as far as it takes to know a text, or one like it, again."""
