"""One module per kind of documentation source. None of them executes what it reads."""
