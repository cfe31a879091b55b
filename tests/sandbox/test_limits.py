"""Every line of a worker's confinement is in force, whatever the settings are."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.settings import WorkerSettings
from dreamer_app.sandbox.docker.limits import ENVIRONMENT_MOUNT, RUNNER_MOUNT, container, seccomp_profile

BINDS = {Path("/somewhere/runner"): RUNNER_MOUNT, Path("/somewhere/site"): ENVIRONMENT_MOUNT}


def body(workers: WorkerSettings) -> dict[str, object]:
    return container(image="i", command=["x"], binds=BINDS, parent="/dreamer", workers=workers, labels={"a": "b"})


settings = st.builds(
    WorkerSettings,
    memory=st.integers(128, 65_536),
    processes=st.integers(16, 1024),
    cpus=st.floats(0.1, 64),
)


@given(settings)
def test_no_setting_opens_a_door(workers: WorkerSettings) -> None:
    made = body(workers)
    host = made["HostConfig"]
    assert isinstance(host, dict)
    assert made["User"] == "65532:65532"
    assert made["NetworkDisabled"] is True
    assert made["StdinOnce"] is True
    assert made["Tty"] is False
    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"] is True
    assert host["Privileged"] is False
    assert host["CapDrop"] == ["ALL"]
    assert "CapAdd" not in host
    assert "no-new-privileges" in host["SecurityOpt"]
    assert not any("unconfined" in option for option in host["SecurityOpt"])
    assert host["LogConfig"] == {"Type": "none"}
    assert host["Init"] is False
    assert host["MemorySwap"] == host["Memory"] == workers.memory << 20
    assert host["PidsLimit"] == workers.processes
    assert host["CgroupParent"] == "/dreamer"
    assert host["OomScoreAdj"] == 1000
    assert all(mount["ReadOnly"] and mount["Type"] == "bind" for mount in host["Mounts"])
    assert all(mount["BindOptions"] == {"Propagation": "rprivate", "NonRecursive": True} for mount in host["Mounts"])
    found = {Path(mount["Source"]): mount["Target"] for mount in host["Mounts"]}
    assert found == BINDS
    assert {"/proc/kcore", "/proc/keys", "/proc/scsi", "/sys/firmware"} <= set(host["MaskedPaths"])
    assert {"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs"} <= set(host["ReadonlyPaths"])
    assert {"Binds", "Devices", "DeviceRequests", "PidMode", "UsernsMode", "UTSMode", "VolumesFrom"}.isdisjoint(host)
    for options in host["Tmpfs"].values():
        assert {"noexec", "nosuid", "nodev"} <= set(options.split(","))
        assert "size=" in options
        assert "nr_inodes=" in options
    limits = {limit["Name"]: limit["Hard"] for limit in host["Ulimits"]}
    assert limits["core"] == 0
    assert {"nofile", "fsize"} <= set(limits)


def test_the_filter_is_an_allow_list() -> None:
    profile = json.loads(seccomp_profile())
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    allowed = {name for rule in profile["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]}
    forbidden = {
        "add_key", "bpf", "cachestat", "chroot", "delete_module", "fanotify_init", "init_module", "inotify_add_watch",
        "inotify_init1", "io_uring_setup", "kexec_load", "keyctl", "memfd_create", "memfd_secret", "mincore", "mknod",
        "mknodat", "modify_ldt", "mount", "move_mount", "name_to_handle_at",
        "open_by_handle_at", "perf_event_open", "personality", "pidfd_getfd", "pivot_root", "process_vm_readv",
        "process_vm_writev", "ptrace", "quotactl", "reboot", "request_key", "setns", "setuid", "swapon", "syslog",
        "umount2", "unshare", "userfaultfd",
    }  # fmt: skip
    assert allowed.isdisjoint(forbidden)
    assert {"read", "write", "execve", "fork", "mmap", "futex"} <= allowed


def test_only_harmless_socket_families_and_no_namespaces() -> None:
    rules = json.loads(seccomp_profile())["syscalls"]
    sockets = [rule for rule in rules if "socket" in rule["names"]]
    families = sorted(rule["args"][0]["value"] for rule in sockets)
    assert families == [1, 2, 10]  # AF_UNIX, AF_INET, AF_INET6
    (clone,) = [rule for rule in rules if "clone" in rule["names"]]
    new_namespaces = 0x7E020000  # every CLONE_NEW* flag of sched.h but CLONE_NEWTIME, which clone cannot carry
    assert clone["args"] == [{"index": 0, "value": new_namespaces, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]
    (clone3,) = [rule for rule in rules if "clone3" in rule["names"]]
    assert clone3["errnoRet"] == 38  # ENOSYS: the C library then falls back to clone
