"""The same estimates by other programs, called as their own documentation has it."""
