"""Pages to print."""

from boltons.strutils import format_int_list, parse_int_list


def page_ranges(wanted: str, last: int, skip: str) -> tuple[str, int]:
    """Ranges of pages as they will be printed, without those to skip and those that do not exist, and how many."""
    unwanted = set(parse_int_list(skip))
    pages = {page for page in parse_int_list(wanted) if 1 <= page <= last and page not in unwanted}
    return format_int_list(pages), len(pages)
