"""A value deep in settings, changed on a copy."""

from toolz import assoc_in, get_in


def nested_settings(settings: dict[str, object], path: str, step: int) -> dict[str, object]:
    """Raise the number at a dotted path by a step, from 0 where there is none; what was given stays as it was."""
    keys = [key for key in path.split(".") if key]
    if not keys:
        return settings
    current = get_in(keys, settings, default=0)
    if not isinstance(current, int):
        raise ValueError(f"{path} is no number")
    return assoc_in(settings, keys, current + step)
