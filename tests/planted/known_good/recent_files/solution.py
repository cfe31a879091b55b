"""Recently opened files."""

from boltons.cacheutils import LRU


def recent_files(opened: list[str], most: int) -> tuple[list[str], int]:
    """The last so many files, by name, and how often one was opened that was still among them."""
    recent = LRU(max_size=most)
    again = 0
    for file in opened:
        if recent.get(file) is not None:
            again += 1
        recent[file] = True
    return sorted(recent), again
