"""Programs that try to break out of a worker, to hold it, or to leave something behind.

Each is the body of one test. What it managed to do that it should not, it observes as `broken`; an empty list means
that the worker held. A program that cannot report because it was killed has an allowed fate instead.
"""

from __future__ import annotations

from tests.hostile.between_programs import BETWEEN
from tests.hostile.more_programs import LEFTOVERS
from tests.hostile.program import Program, probing
from tests.hostile.sly_programs import SLY

PROGRAMS = (
    Program(
        "fork bomb",
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        ("timeout", "crashed"),
    ),
    Program(
        "fork bomb in own sessions, deaf to signals",
        "import os, signal\n"
        "for n in range(1, 32):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\n"
        "while True:\n    try:\n        if os.fork() == 0:\n            os.setsid()\n    except OSError:\n        pass",
        ("timeout", "crashed"),
    ),
    Program(
        "thread bomb",
        "import threading, time\ncount = 0\n"
        "try:\n    while count < 1000:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n        count += 1\n"
        "except RuntimeError:\n    pass\nobserve('broken', ['1000 threads'] if count >= 1000 else [])",
    ),
    Program("memory bomb", "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 24))", ("crashed", "finished")),
    Program(
        "eight memory bombs",
        "import os\nfor _ in range(8):\n    if os.fork() == 0:\n        break\n"
        "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 22))",
        ("crashed", "timeout", "finished"),
    ),
    probing(
        "filling the disks",
        """
def fill(folder, limit):
    written = 0
    number = 0
    while written < limit:
        number += 1
        with open(f"{folder}/{number}", "wb", buffering=0) as file:
            for _ in range(15):
                written += file.write(bytes(1 << 20))
def crowd(folder):
    for number in range(10_000):
        open(f"{folder}/i{number}", "w").close()
probe("128 MB in /job", lambda: fill("/job", 128 << 20))
probe("64 MB in /tmp", lambda: fill("/tmp", 64 << 20))
probe("32 MB in /dev/shm", lambda: fill("/dev/shm", 32 << 20))
""",
    ),
    probing(
        "ten thousand files",
        """
def crowd(folder):
    for number in range(10_000):
        open(f"{folder}/i{number}", "w").close()
probe("in /job", lambda: crowd("/job"))
probe("in /tmp", lambda: crowd("/tmp"))
""",
    ),
    probing(
        "one huge file",
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "def write():\n    with open('/job/huge', 'wb', buffering=0) as file:\n"
        "        return file.write(bytes(32 << 20)) == 32 << 20 or 'refused'\n"
        "probe('32 MB file', write)",
    ),
    probing(
        "writing outside",
        """
def write(path):
    with open(path, "ab") as file:
        file.write(b"x")
for path in ("/x", "/etc/passwd", "/deps/x", "/deps/pytest/__init__.py", "/runner/x", "/runner/child.py", "/usr/bin/x",
             "/proc/sys/kernel/hostname", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", "/sys/fs/cgroup/x",
             "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/dev/vda", "/dev/mem", "/proc/1/oom_score_adj"):
    probe(path, lambda: write(path))
def spare_me():
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-1000")
probe("lower oom_score_adj", spare_me)
probe("chmod /deps", lambda: os.chmod("/deps/pytest/__init__.py", 0o777))
probe("hardlink", lambda: os.link("/deps/pytest/__init__.py", "/job/x"))
""",
    ),
    probing(
        "the network",
        """
def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as connection:
        connection.settimeout(0.5)
        connection.connect(address)
        if kind == socket.SOCK_DGRAM:
            connection.send(b"x")
for name, family, address, kind in (
    ("tcp", socket.AF_INET, ("192.0.2.1", 80), socket.SOCK_STREAM),
    ("gateway", socket.AF_INET, ("172.17.0.1", 22), socket.SOCK_STREAM),
    ("metadata", socket.AF_INET, ("169.254.169.254", 80), socket.SOCK_STREAM),
    ("udp", socket.AF_INET, ("192.0.2.1", 53), socket.SOCK_DGRAM),
    ("broadcast", socket.AF_INET, ("255.255.255.255", 9), socket.SOCK_DGRAM),
    ("tcp6", socket.AF_INET6, ("2001:db8::1", 80), socket.SOCK_STREAM),
    ("docker", socket.AF_UNIX, "/var/run/docker.sock", socket.SOCK_STREAM),
    ("containerd", socket.AF_UNIX, "/run/containerd/containerd.sock", socket.SOCK_STREAM),
):
    probe(name, lambda: connect(family, address, kind))
probe("dns", lambda: socket.getaddrinfo("one.invalid.example", 80))
for name, family, kind in (("packet", 17, 3), ("netlink", 16, 3), ("vsock", 40, 1), ("alg", 38, 5),
                           ("bluetooth", 31, 3),
                           ("tipc", 30, 1), ("raw", 2, 3), ("can", 29, 3), ("kcm", 41, 5)):
    probe(name, lambda: socket.socket(family, kind).close())
""",
    ),
    probing(
        "reading the host",
        """
for path in ("/root/.ssh", "/home", "/var/lib/docker", "/etc/shadow", "/var/run/docker.sock", "/dev/vda", "/dev/kmsg",
             "/proc/kcore", "/proc/kallsyms_", "/proc/1/environ", "/proc/1/mem", "/proc/1/maps", "/proc/1/root",
             "/proc/1/cwd/etc", "/proc/timer_list", "/proc/keys", "/proc/sched_debug", "/sys/firmware/efi",
             "/sys/kernel/debug/x", "/dev/mem", "/dev/fuse", "/dev/kvm"):
    def look(path=path):
        if os.path.isdir(path):
            return os.listdir(path) or "refused"
        with open(path, "rb") as file:
            return file.read(1) or "refused"
    probe(path, look)
""",
    ),
    probing(
        "becoming more",
        """
import resource, signal
probe("unshare user", lambda: syscall(272, 0x10000000))
probe("unshare mount", lambda: syscall(272, 0x00020000))
probe("clone user", lambda: syscall(56, 0x10000000 | 17, 0, 0, 0, 0))
probe("mount", lambda: syscall(165, b"none", b"/job", b"tmpfs", 0, 0))
probe("pivot_root", lambda: syscall(155, b"/job", b"/job"))
probe("chroot", lambda: os.chroot("/job"))
probe("ptrace", lambda: syscall(101, 16, os.getppid(), 0, 0))
probe("bpf", lambda: syscall(321, 0, 0, 0))
probe("perf", lambda: syscall(298, 0, 0, -1, -1, 0))
probe("io_uring", lambda: syscall(425, 8, ctypes.create_string_buffer(200)))
probe("userfaultfd", lambda: syscall(323, 0))
probe("keyctl", lambda: syscall(250, 0, -3, 1))
probe("add_key", lambda: syscall(248, b"user", b"x", b"y", 1, -3))
probe("init_module", lambda: syscall(175, 0, 0, b""))
probe("kexec", lambda: syscall(246, 0, 0, 0, 0))
probe("reboot", lambda: syscall(169, 0xfee1dead, 672274793, 0, 0))
probe("swapon", lambda: syscall(167, b"/job/x", 0))
probe("settime", lambda: syscall(227, 0, ctypes.create_string_buffer(16)))
probe("sethostname", lambda: socket.sethostname("x"))
probe("mknod", lambda: os.mknod("/job/dev", 0o60600, os.makedev(8, 0)))
probe("setuid", lambda: os.setuid(0))
probe("setgid", lambda: os.setgid(0))
probe("setgroups", lambda: os.setgroups([0]))
probe("nice", lambda: os.nice(-10))
probe("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10)))
probe("files", lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096)))
probe("cpu", lambda: resource.setrlimit(resource.RLIMIT_CPU, (9999, 9999)))
probe("memlock", lambda: resource.setrlimit(resource.RLIMIT_MEMLOCK, (1 << 30, 1 << 30)))
probe("shmget", lambda: syscall(29, 1, 4096, 0o1600))
probe("mq_open", lambda: syscall(240, b"/x", 0o102, 0o600, 0))
probe("open_by_handle", lambda: syscall(304, -100, ctypes.create_string_buffer(200), 0))
probe("setns", lambda: syscall(308, os.open("/proc/self/ns/pid", 0), 0))
status = open("/proc/self/status").read()
for line in status.splitlines():
    if line.startswith(("CapPrm", "CapEff", "CapInh", "CapBnd", "CapAmb")) and int(line.split()[1], 16):
        broken.append(line)
    if line.startswith("NoNewPrivs") and line.split()[1] != "1":
        broken.append(line)
    if line.startswith("Seccomp:") and line.split()[1] != "2":
        broken.append(line)
""",
    ),
    probing(
        "running a dropped program",
        """
import shutil, stat
for folder in ("/job", "/tmp", "/dev/shm"):
    def run(folder=folder):
        shutil.copy(sys.executable, folder + "/program")
        os.chmod(folder + "/program", 0o755)
        pid = os.posix_spawn(folder + "/program", ["program", "-c", ""], {})
        return os.waitpid(pid, 0)[1] == 0 or "refused"
    probe(folder, run)
""",
    ),
    probing(
        "the supervisor",
        """
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
for pid in (1, os.getppid()):
    for name in ("mem", "environ", "maps", "auxv", "fd/0", "fd/1", "fd/3", "root/etc", "exe", "stack", "syscall"):
        probe(f"{pid} {name}", lambda: open(f"/proc/{pid}/{name}", "rb").read(1))
        probe(f"{pid} {name} w", lambda: open(f"/proc/{pid}/{name}", "wb").write(b"x"))
    probe(f"{pid} fds", lambda: os.listdir(f"/proc/{pid}/fd"))
    probe(f"{pid} pidfd_getfd", lambda: syscall(438, syscall(434, pid, 0), 1, 0))
    buffer = ctypes.create_string_buffer(8)
    here, there = Vector(ctypes.addressof(buffer), 8), Vector(0x400000, 8)
    probe(f"{pid} vm_readv", lambda: syscall(310, pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0))
    probe(f"{pid} attach", lambda: syscall(101, 16, pid, 0, 0))
    probe(f"{pid} seize", lambda: syscall(101, 0x4206, pid, 0, 0))
    probe(f"{pid} prlimit", lambda: syscall(302, pid, 7, ctypes.create_string_buffer(16), 0))
import signal
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGSEGV):
    os.kill(1, number)
""",
    ),
    Program("killing everybody", "import os, signal, time\nos.kill(-1, signal.SIGKILL)\ntime.sleep(9)", ("crashed",)),
    Program("stopping itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", ("timeout",), 1.0),
    Program("endless C code", "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')", ("timeout",), 1.0),
    Program("an endless number", "x = 7\nwhile True:\n    x = x ** 7", ("timeout", "crashed"), 1.0),
    Program(
        "falling through the stack",
        "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    return [*map(lambda _: f(), [1])]\nf()",
        ("crashed", "finished"),
    ),
    Program(
        "a daemon that rewrites the tests",
        "import os, time\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork():\n        os._exit(0)\n"
        "    while True:\n        for name in ('conftest.py', 'test_solution.py', 'solution.py', 'pytest.ini'):\n"
        "            open('/job/' + name, 'w').write('raise SystemExit(0)')\n"
        "        time.sleep(0.001)\n"
        "time.sleep(0.05)\nobserve('broken', [])",
    ),
    Program(
        "leftovers that are hard to remove",
        "import os\nos.chdir('/job')\n"
        "for name in ('solution.py', 'result.json', 'conftest.py'):\n    os.symlink('/etc/passwd', name)\n"
        "os.mkdir('closed')\nopen('closed/x', 'w').close()\nos.chmod('closed', 0)\n"
        "open('\\udcff\\n-rf', 'w').close()\n"
        "os.chmod('/tmp', 0)\nos.chmod('/job', 0o500)\nos.chmod('/job', 0o700)\n"
        "for _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\n"
        "observe('broken', [])",
    ),
    Program(
        "a pipe held open in the background",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\n    os._exit(0)\n"
        "observe('broken', [])",
    ),
    Program(
        "a forged report",
        "import json, os\n"
        "forged = json.dumps({'t': 'test', 'name': 'test_it', 'outcome': 'finished', 'error': None, 'values': {}})\n"
        "for fd in range(3, 256):\n    try:\n        os.write(fd, (forged + '\\n{\"t\": \"end\"}\\n').encode())\n"
        "    except OSError:\n        pass\nobserve('broken', ['it went on'])",
        ("crashed",),
    ),
    Program(
        "flooding every descriptor",
        "import os\nchunk = b'x' * 65536\n"
        "while True:\n    for fd in range(1, 256):\n        try:\n            os.write(fd, chunk)\n"
        "        except OSError:\n            pass",
        ("crashed", "timeout"),
    ),
    *LEFTOVERS,
    *SLY,
    *BETWEEN,
)  # fmt: skip
