"""Addresses for pages"""

from boltons.strutils import slugify
from toolz import unique


def page_addresses(section: str, titles: list[str]) -> list[str]:
    """Addresses of pages in a section made from their titles, each once, in order; no title, no page."""
    names = (slugify(title, delim="-") for title in titles if title.strip())
    return [f"/{slugify(section)}/{name}" for name in unique(names)]
