"""One sensor a file. Each reads what it can and says None for the rest; none of them decides anything."""
