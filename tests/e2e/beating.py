"""Containers like workers that write the time into shared memory without end: the truth about when work stopped."""

from __future__ import annotations

import mmap
import shutil
import struct
import tempfile
import time
from pathlib import Path

from dreamer_app.sandbox.docker import limits, sweep
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import Environment

_BEAT = struct.Struct("<q")
PROGRAM = """
import mmap, struct, sys, time
with open("/beats/beats", "r+b") as file:
    memory = mmap.mmap(file.fileno(), 0)
place = 8 * int(sys.argv[1])
while True:
    memory[place : place + 8] = struct.pack("<q", time.monotonic_ns())
"""


class Beating:
    """Busy containers in a sandbox's group, known to it like its own workers.

    Args:
        sandbox: Stops them.
        environment: Of the image.
        count: How many.
    """

    def __init__(self, sandbox: DockerSandbox, environment: Environment, count: int) -> None:
        self._sandbox = sandbox
        self.names: list[str] = []
        self.folder = Path(tempfile.mkdtemp(prefix="dreamer-beats-", dir="/dev/shm"))
        self.folder.chmod(0o777)
        file = self.folder / "beats"
        file.write_bytes(bytes(8 * count))
        file.chmod(0o666)
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), 8 * count)
        self._count = count
        launcher = sandbox.launcher
        for number in range(count):
            body = launcher._configure(environment)
            body["Cmd"] = ["python3", "-I", "-S", "-c", PROGRAM, str(number)]
            body["Labels"] = {sweep.OWNER: launcher._owner, sweep.SESSION: launcher._session}
            mount = {"Type": "bind", "Source": str(self.folder), "Target": "/beats", "ReadOnly": False}
            body["HostConfig"]["Mounts"].append(mount)
            body["HostConfig"]["NanoCpus"] = 0
            limits.one_off(body)["HostConfig"]["AutoRemove"] = True
            name = f"dreamer-worker-beating-{self.folder.name[-8:]}-{number}"
            identifier = launcher._api.create_container_from_config(body, name)["Id"]
            launcher.containers[name] = identifier
            launcher._api.start(identifier)
            self.names.append(name)

    def beats(self) -> list[int]:
        """The last beat of each, in nanoseconds of the monotonic clock."""
        return list(struct.unpack(f"<{self._count}q", self._memory[:]))

    def until_all_beat(self) -> None:
        """Wait until every one works."""
        before = self.beats()
        while any(now == then for now, then in zip(self.beats(), before, strict=True)):
            time.sleep(0.001)

    def last_beat(self, quiet: float = 0.03) -> int:
        """The last beat of any of them, once none has beaten for this many seconds."""
        last, since = max(self.beats()), time.monotonic()
        while time.monotonic() - since < quiet:
            if (seen := max(self.beats())) != last:
                last, since = seen, time.monotonic()
            time.sleep(0.0005)
        return last

    def states(self) -> set[str]:
        """What the engine says of them."""
        api = self._sandbox.launcher._api
        found = [api.inspect_container(self._sandbox.launcher.containers[name])["State"] for name in self.names]
        return {state["Status"] for state in found}

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()
        shutil.rmtree(self.folder, ignore_errors=True)
