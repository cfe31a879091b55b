"""Worker images made without a registry: from distribution packages, or from this machine's own Python."""
