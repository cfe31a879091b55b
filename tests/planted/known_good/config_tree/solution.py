"""A configuration without secrets."""

from boltons.iterutils import get_path, remap


def config_tree(config: dict[str, object], show: list[str]) -> list[object]:
    """Values at dotted paths after everything named like a password or empty was taken out; `-` where nothing is."""

    def keep(_path: tuple[object, ...], key: object, value: object) -> bool:
        return "pass" not in str(key).lower() and value is not None

    clean = remap(config, visit=keep)
    return [get_path(clean, tuple(path.split(".")), default="-") for path in show]
