"""A stock list in words."""

from boltons.strutils import bytes2human, cardinalize


def stock_list(files: dict[str, list[int]]) -> list[str]:
    """One line a folder: how many files in words and how large they are together; empty folders come last."""
    filled = [(folder, sizes) for folder, sizes in sorted(files.items()) if sizes]
    lines = [
        f"{folder}: {len(sizes)} {cardinalize('file', len(sizes))}, {bytes2human(sum(sizes))}"
        for folder, sizes in filled
    ]
    return lines + [f"{folder}: empty" for folder, sizes in sorted(files.items()) if not sizes]
