"""One gate a file, from cheap to dear. A gate that cannot decide rejects."""
