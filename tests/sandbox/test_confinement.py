"""Every line of a bubblewrap worker's confinement is in force, whatever the settings are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.settings import WorkerSettings
from dreamer_app.sandbox.bubblewrap import confinement
from dreamer_app.sandbox.bubblewrap.program import Program

BINDS = {Path("/somewhere/runner"): "/runner", Path("/somewhere/site"): "/deps"}
settings = st.builds(WorkerSettings, memory=st.integers(128, 65_536), processes=st.integers(16, 1024))


@given(settings)
def test_no_setting_opens_a_door(workers: WorkerSettings) -> None:
    line = confinement.command(
        program="bwrap", rootfs=Path("/image"), binds=BINDS, inner=confinement.SUPERVISOR, workers=workers, filter_fd=9
    )
    options = line[: line.index("--")]
    assert {"--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"} <= set(options)
    assert {"--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"} <= set(options)
    assert options[options.index("--cap-drop") + 1] == "ALL"
    assert options[options.index("--seccomp") + 1] == "9"
    assert {"--bind", "--dev-bind", "--share-net", "--cap-add", "--bind-try"}.isdisjoint(options)
    mounted = {options[n + 1]: options[n + 2] for n, option in enumerate(options) if option == "--ro-bind"}
    assert mounted == {"/image": "/", "/somewhere/runner": "/runner", "/somewhere/site": "/deps"}
    assert [options[n + 1] for n, option in enumerate(options) if option == "--remount-ro"] == ["/dev", "/"]
    limits = dict(item.split("=") for item in line[line.index("-c") + 2].split(","))
    assert int(limits["AS"]) == workers.memory << 20
    assert int(limits["NPROC"]) <= confinement.PROCESSES
    assert limits["CORE"] == "0"


def test_a_computer_without_bubblewrap_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InfrastructureError) as caught:
        Program.find()
    assert "apt-get install bubblewrap" in caught.value.hint
