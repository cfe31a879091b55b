"""Programs that are sly rather than strong: odd files, forgotten doors of the kernel, what is left for the next run.

Each is of the kind of those in `programs.py`.
"""

from __future__ import annotations

from tests.hostile.program import Program, probing

SLY = (
    probing(
        "devices made by hand",
        """
for kind, number in ((0o20666, 1), (0o60666, 8)):
    probe(str(kind), lambda: os.mknod('/tmp/dev', kind, os.makedev(number, 3)))
probe('fifo', lambda: os.mkfifo('/job/fifo'))
""",
    ),
    probing(
        "a program with a set-user bit",
        """
import subprocess
open('/job/s', 'wb').write(b'#!')
os.chmod('/job/s', 0o6755)
probe('run', lambda: os.execv('/job/s', ['s']))
for folder, _, names in os.walk('/usr'):
    for name in names:
        path = os.path.join(folder, name)
        if not os.path.islink(path) and os.stat(path).st_mode & 0o6000:
            broken.append(path)
""",
    ),
    probing(
        "hard links to what is mounted",
        """
for path in ('/runner/child.py', '/etc/passwd', sys.executable):
    probe(path, lambda: os.link(path, '/job/hard'))
""",
    ),
    probing(
        "links in the place of results",
        """
for name in ('solution.py', 'test_solution.py', 'records', 'result'):
    if os.path.lexists(name):
        os.unlink(name)
    os.symlink('/proc/1/root/etc/passwd', name)
    probe(name, lambda: open(name).read())
""",
    ),
    probing(
        "climbing out by dots",
        """
for path in ('../../../../../../etc/shadow', '/job/../proc/1/environ',
             '/proc/self/root/../../var/run/docker.sock', '/proc/self/cwd/../../../root/.ssh/id_rsa'):
    probe(path, lambda: open(path, 'rb').read(1) or 'refused')
""",
    ),
    probing(
        "the host by its names",
        """
for name in ('localhost.localdomain', 'host.docker.internal', 'metadata.google.internal',
             'gateway.docker.internal'):
    probe(name, lambda: socket.create_connection((name, 80), 0.3))
""",
    ),
    probing(
        "abstract sockets of the desktop",
        """
for name in ('\\0/tmp/.X11-unix/X0', '\\0/tmp/dbus-session', '\\0/run/systemd/private'):
    def speak(name=name):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(name)
    probe(repr(name), speak)
""",
    ),
    probing(
        "every address of this machine",
        """
for last in range(1, 40):
    def knock(last=last):
        with socket.socket() as line:
            line.settimeout(0.05)
            line.connect((f'172.17.0.{last}', 2375))
    probe(str(last), knock)
""",
    ),
    probing(
        "a server for the others",
        """
def serve():
    with socket.socket() as line:
        line.bind(('0.0.0.0', 0))
        line.listen()
        with socket.create_connection(line.getsockname(), 1):
            return 'refused'
probe('loopback is its own', serve)
interfaces = [line.split(':')[0].strip() for line in open('/proc/net/dev').read().splitlines()[2:]]
broken.extend(name for name in interfaces if name != 'lo' and not name.startswith(('tunl', 'sit', 'gre',
              'erspan', 'ip', 'dummy', 'teql', 'bond', 'ifb')))
""",
    ),
    probing(
        "cgroups rewritten",
        """
for folder, folders, names in os.walk('/sys/fs/cgroup'):
    for name in names:
        if name in ('cgroup.procs', 'tasks', 'memory.max', 'memory.limit_in_bytes', 'pids.max', 'release_agent'):
            path = os.path.join(folder, name)
            probe(path, lambda: open(path, 'w').write('0'))
probe('mkdir', lambda: os.mkdir('/sys/fs/cgroup/mine'))
""",
    ),
    probing(
        "core dumps by a program of one's own",
        """
probe('pattern', lambda: open('/proc/sys/kernel/core_pattern', 'w').write('|/job/x'))
probe('modprobe', lambda: open('/proc/sys/kernel/modprobe', 'w').write('/job/x'))
probe('uevent', lambda: open('/sys/kernel/uevent_helper', 'w').write('/job/x'))
probe('binfmt', lambda: open('/proc/sys/fs/binfmt_misc/register', 'w').write(':x:M::x::/job/x:'))
""",
    ),
    probing(
        "namespaces one by one",
        """
for name, flag in (('ipc', 0x08000000), ('uts', 0x04000000), ('net', 0x40000000), ('pid', 0x20000000),
                   ('cgroup', 0x02000000), ('time', 0x00000080), ('mount and user', 0x10020000)):
    probe(name, lambda: syscall(272, flag))
for name in os.listdir('/proc/1/ns') if os.access('/proc/1/ns', os.R_OK) else ():
    probe(name, lambda: os.readlink('/proc/1/ns/' + name))
""",
    ),
    probing(
        "keys of other sessions",
        """
probe('session', lambda: syscall(250, 1, 0))
probe('describe', lambda: syscall(250, 6, -4, 0, 0))
probe('request', lambda: syscall(249, b'user', b'x', 0, -3))
probe('read', lambda: open('/proc/keys').read() or 'refused')
""",
    ),
    probing(
        "timers for ever",
        """
import signal
for kind in (0, 1, 2):
    signal.setitimer(kind, 1e9)
probe('timer_create', lambda: 'refused' if syscall(222, 0, 0, 0) in ('refused', -1) else 'made')
probe('timerfd', lambda: 'refused')
""",
    ),
    probing(
        "locks on what is shared",
        """
import fcntl
for name in ('/runner/child.py', '/etc/passwd'):
    with open(name) as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        except OSError:
            continue
        broken.append(name)
""",
    ),
    probing(
        "somebody else's processor",
        """
probe('all processors real time', lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1)))
probe('better', lambda: os.setpriority(os.PRIO_PROCESS, 0, 0) or os.nice(0) == 19 and 'refused')
probe('io', lambda: syscall(251, 1, 0, 1 << 13))
""",
    ),
    probing(
        "other people's processes",
        """
own = {1, os.getppid(), os.getpid()}
broken.extend(pid for pid in os.listdir('/proc') if pid.isdigit() and int(pid) not in own)
for pid in range(4, 400):
    if pid not in own:
        def call(pid=pid):
            os.kill(pid, 0)
        probe(str(pid), call)
""",
    ),
    probing(
        "a terminal",
        """
probe('tty', lambda: open('/dev/tty', 'w').write('x'))
probe('console', lambda: open('/dev/console', 'w').write('x'))
import fcntl, termios
probe('push', lambda: fcntl.ioctl(0, termios.TIOCSTI, b'x'))
""",
    ),
    Program(
        "exec of its own reports",
        """
import os, sys
os.execv(sys.executable, ['python3', '-c', 'print(1)'])
""",
        fates=("crashed",),
    ),
    Program(
        "fork and let the child report",
        """
import os
if os.fork():
    os._exit(0)
observe('broken', [])
""",
        fates=("crashed", "finished"),
    ),
    Program(
        "two that report at once",
        """
import os
os.fork()
observe('broken', [])
""",
        fates=("crashed", "finished"),
    ),
    Program(
        "a report under another name",
        """
import json, os
for fd in range(3, 64):
    try:
        os.write(fd, json.dumps({'t': 'test', 'name': 'test_other', 'outcome': 'finished', 'error': None,
                                 'values': {}}).encode() + b'\\n')
    except OSError:
        pass
""",
        fates=("crashed",),
    ),
    Program(
        "a report that is no text",
        """
import os
for fd in range(3, 64):
    try:
        os.write(fd, bytes(range(256)) * 8)
    except OSError:
        pass
""",
        fates=("crashed",),
    ),
    Program(
        "a report of numbers without end",
        """
observe('broken', 10 ** 5000)
""",
        fates=("crashed", "finished"),
    ),
    Program(
        "a result that is a lie about its type",
        """
class List(list):
    __class__ = property(lambda self: int)
observe('broken', List())
""",
        fates=("crashed", "finished"),
    ),
    Program(
        "a report channel that is full",
        """
import os, threading
def pour():
    while True:
        for fd in range(3, 32):
            try:
                os.write(fd, b'{' * 4096)
            except OSError:
                pass
for _ in range(4):
    threading.Thread(target=pour, daemon=True).start()
""",
        fates=("crashed", "timeout"),
        wall=2.0,
    ),
    Program(
        "a destructor that never ends",
        """
class Last:
    def __del__(self):
        while True:
            pass
import builtins
builtins.last = Last()
observe('broken', [])
""",
    ),
    Program(
        "stopping the clock of the run",
        """
import time
time.monotonic = time.time = time.perf_counter = lambda: 0.0
observe('broken', [])
""",
    ),
    Program(
        "closing standard streams",
        """
import os, sys
sys.stdout.close()
sys.stderr.close()
os.closerange(0, 3)
observe('broken', [])
""",
    ),
    Program(
        "a descriptor storm",
        """
import os
kept = []
try:
    while True:
        kept.append(os.open('/dev/null', os.O_RDONLY))
except OSError:
    pass
many = len(kept)
for fd in kept:
    os.close(fd)
observe('broken', ['files'] if many > 256 else [])
""",
    ),
    Program(
        "a pipe bomb",
        """
import os
kept = []
try:
    while True:
        pair = os.pipe()
        kept.extend(pair)
        os.set_blocking(pair[1], False)
        try:
            os.write(pair[1], bytes(1 << 20))
        except BlockingIOError:
            pass
except OSError:
    pass
for fd in kept:
    os.close(fd)
observe('broken', [])
""",
        fates=("finished", "crashed"),
    ),
    Program(
        "a stopped grandchild",
        """
import os, signal
pid = os.fork()
if pid == 0:
    os.setsid()
    os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(0)
observe('broken', [])
""",
    ),
    Program(
        "a folder without end",
        """
import os
os.chdir('/tmp')
for _ in range(1500):
    os.mkdir('x' * 60)
    os.chdir('x' * 60)
observe('broken', [])
""",
    ),
    Program(
        "a cache for the next run",
        """
import importlib.util, py_compile, os
os.makedirs('/tmp/__pycache__', exist_ok=True)
for name in ('solution', 'test_solution', 'json'):
    open(f'/tmp/{name}.py', 'w').write('raise SystemExit(0)')
    py_compile.compile(f'/tmp/{name}.py')
observe('broken', [])
""",
    ),
    Program(
        "the library under study, changed for the next run",
        """
import json, pytest
json.loads = lambda *_: 1
pytest.approx = pytest.fixture = None
json.__dict__.clear()
observe('broken', [])
""",
        fates=("crashed", "finished"),
    ),
)
