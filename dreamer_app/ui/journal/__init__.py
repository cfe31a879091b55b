"""The Dream Journal: the window in which a person reads, compares and decides."""
