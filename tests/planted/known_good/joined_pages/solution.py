"""Pages to print"""

from boltons.strutils import format_int_list, parse_int_list


def joined_pages(one: str, other: str) -> str:
    """Two lists of pages, as `1-3,7`, joined to one, with how many pages that is."""
    pages = {*parse_int_list(one), *parse_int_list(other)}
    if len(pages) == 1:
        return f"page {format_int_list(pages)}"
    return f"pages {format_int_list(pages)}, {len(pages)} in all" if pages else "nothing"
