"""File names out of titles."""

from boltons.strutils import asciify, slugify


def clean_text(titles: list[str], ending: str) -> dict[str, str]:
    """A file name for every title: plain letters, words joined by dashes; a name that is taken gets a number."""
    names: dict[str, str] = {}
    for title in titles:
        plain = asciify(title).decode()
        stem = slugify(plain, delim="-").strip("-") or "untitled"
        name, number = stem, 2
        while f"{name}.{ending}" in names.values():
            name = f"{stem}-{number}"
            number += 1
        names[title] = f"{name}.{ending}"
    return names
