"""Which versions of a library somebody means. It knows no library and no index."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from dreamer_app.core.errors import UsageError


def matching_versions(text: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Of some versions those that a text means.

    Args:
        text: A version (`8.2.8`), the beginning of one (`8.2`), or a specifier (`>=8,<9`).
        versions: Exact versions.

    Raises:
        UsageError: The text is none of these.
    """
    plain = text.strip()
    try:
        wanted = SpecifierSet(plain if plain[:1] in "<>=!~" else f"=={plain}.*")
        exact = None if plain[:1] in "<>=!~" else SpecifierSet(f"=={plain}")
    except InvalidSpecifier as error:
        raise UsageError("That is no version", f"{text!r}: {error}", "For example: 8.2.8, 8.2 or '>=8,<9'.") from error
    return tuple(
        one
        for one in versions
        if wanted.contains(one, prereleases=True) or (exact is not None and exact.contains(one, prereleases=True))
    )
