"""What an engine must be able to do before it may hold a dream, and what would make its walls stronger. Pure.

An engine that lacks something here is refused with the reason; nothing is quietly left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NEEDED = {
    "MemoryLimit": "it cannot limit memory",
    "PidsLimit": "it cannot limit the number of processes",
    "CpuCfsQuota": "it cannot limit the processor",
}
"""Fields of the engine's `info` that say no only where the kernel lacks the controller, each with what that means."""

PODMAN = (
    "it is Podman, which hides other paths than it is told to, does not count the files of folders in memory, "
    "and adds folders without a limit, in which programs run (tried with 4.3)"
)


def lacking(info: Mapping[str, Any], version: Mapping[str, Any]) -> tuple[str, ...]:
    """Why an engine cannot seal a worker; empty when it can.

    Args:
        info: The engine's answer about itself.
        version: The engine's answer about its version.
    """
    found = [words for field, words in NEEDED.items() if info.get(field) is False]
    if not any("seccomp" in str(option) for option in info.get("SecurityOptions") or ()):
        found.append("it cannot filter system calls (seccomp)")
    if any(part.get("Name") == "Podman Engine" for part in version.get("Components") or ()):
        found.append(PODMAN)
    return tuple(found)


def stronger(*, rootless: bool, user_namespaces: bool, apparmor: bool) -> tuple[str, ...]:
    """What would make the walls stronger, most worth it first; nothing of it is needed."""
    wishes = []
    if not rootless and not user_namespaces:
        wishes.append("a rootless engine, or userns-remap: root inside would be nobody outside")
    if not apparmor:
        wishes.append("a kernel with AppArmor: a second wall around files")
    return tuple(wishes)
