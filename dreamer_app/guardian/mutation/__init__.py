"""Small, documented changes to a program that its tests must notice. Host side only; nothing here runs a mutant."""
