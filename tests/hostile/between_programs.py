"""Programs that look for another dream, or for what watches over all of them, through a side door.

Each is of the kind of those in `programs.py`. Dreams share the kernel, its caches and two read-only folders; nothing of
that may tell one of them what another does, or carry a word from one to the next.
"""

from __future__ import annotations

from tests.hostile.program import Program, probing

BETWEEN = (
    probing(
        "the engine's socket, wherever it lies",
        """
def ask(path):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(0.3)
        line.connect(path)
        line.sendall(b'GET /containers/json HTTP/1.0\\r\\n\\r\\n')
for path in ('/var/run/docker.sock', '/run/docker.sock', '/run/user/1000/docker.sock', '/run/podman/podman.sock',
             '/run/user/1000/podman/podman.sock', '/run/containerd/containerd.sock', '/run/crio/crio.sock',
             '/proc/1/root/var/run/docker.sock', '/runner/docker.sock', '/deps/docker.sock', '\\0docker.sock'):
    probe(path, lambda: ask(path))
    os.path.lexists('/job/engine') and os.unlink('/job/engine')
    if '\\0' not in path:
        os.symlink(path, '/job/engine')
        probe(f'link to {path}', lambda: ask('/job/engine'))
for address in ('127.0.0.1', '172.17.0.1', '192.168.65.2', '10.0.2.2'):
    for port in (2375, 2376, 2377):
        probe(f'{address}:{port}', lambda: socket.create_connection((address, port), 0.1).close())
""",
    ),
    probing(
        "tracing",
        """
import signal, time
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
for name, request in (('traceme', 0), ('attach', 16), ('seize', 0x4206), ('interrupt', 0x4207), ('peek', 1)):
    for pid in (0, 1, os.getppid(), child):
        probe(f'{name} {pid}', lambda: syscall(101, request, pid, 0, 0))
probe('process_vm_writev', lambda: syscall(311, child, 0, 0, 0, 0, 0))
probe('pidfd_getfd', lambda: syscall(438, syscall(434, child, 0), 0, 0))
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
""",
    ),
    probing(
        "every device there is",
        """
known = {'null', 'zero', 'full', 'random', 'urandom', 'tty', 'console', 'ptmx', 'pts', 'shm', 'mqueue', 'fd', 'core',
         'stdin', 'stdout', 'stderr'}
broken.extend(sorted(set(os.listdir('/dev')) - known))
for name in ('mem', 'kmem', 'port', 'kmsg', 'sda', 'vda', 'nvme0n1', 'loop-control', 'fuse', 'kvm', 'net/tun',
             'dri/card0', 'input/event0', 'snd/timer', 'uinput', 'nvidia0', 'vhost-vsock', 'mapper/control'):
    probe(name, lambda: os.open('/dev/' + name, os.O_RDWR))
probe('a terminal of its own', lambda: os.listdir('/dev/pts') in ([], ['ptmx']) and 'refused')
""",
    ),
    probing(
        "neighbours of the link",
        """
def call(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.sendto(b'who is there', address)
for name, family, address in (
    ('mdns', socket.AF_INET, ('224.0.0.251', 5353)), ('ssdp', socket.AF_INET, ('239.255.255.250', 1900)),
    ('link-local', socket.AF_INET, ('169.254.1.1', 9)), ('metadata', socket.AF_INET, ('169.254.169.254', 80)),
    ('mdns6', socket.AF_INET6, ('ff02::fb', 5353)), ('link-local6', socket.AF_INET6, ('fe80::1', 9)),
    ('router', socket.AF_INET, ('192.168.0.1', 53)), ('name server', socket.AF_INET, ('10.0.2.3', 53)),
):
    probe(name, lambda: call(family, address))
""",
    ),
    probing(
        "what others have read lately",
        """
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
for path in (os.__file__, '/runner/child.py', '/etc/passwd'):
    file = os.open(path, os.O_RDONLY)
    seen = ctypes.create_string_buffer(64)
    page = libc.mmap(None, 4096, 1, 2, file, 0)
    probe(f'mincore {path}', lambda: syscall(27, ctypes.c_void_p(page), 4096, seen))
    probe(f'cachestat {path}', lambda: syscall(451, file, ctypes.create_string_buffer(16), seen, 0))
    probe(f'without waiting {path}', lambda: os.preadv(file, [bytearray(8)], 0, os.RWF_NOWAIT))
""",
    ),
    probing(
        "watching what others open",
        """
probe('inotify', lambda: syscall(294, 0))
probe('old inotify', lambda: syscall(253))
probe('fanotify', lambda: syscall(300, 0, 0))
probe('lease', lambda: syscall(72, os.open('/runner/child.py', os.O_RDONLY), 1024, 0))
probe('directory', lambda: syscall(72, os.open('/runner', os.O_RDONLY), 1026, 0x8000003F))
""",
    ),
    Program(
        "the counters of the processor",
        """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex("31c90f33c3"))
observe("broken", ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))())
""",
        ("crashed",),
    ),
    Program(
        "marks for another dream",
        """
import builtins, decimal, fcntl, locale, os, signal, socket, sys, threading, time
for folder in ('/job', '/tmp', '/dev/shm'):
    open(folder + '/mark', 'w').write('mark')
os.utime('/job', (1, 1))
os.environ['MARK'] = builtins.mark = 'mark'
sys.modules['mark'] = sys
decimal.getcontext().prec = 3
sys.setswitchinterval(1.5)
os.umask(0o777)
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
fcntl.flock(os.open('/runner/child.py', os.O_RDONLY), fcntl.LOCK_EX)
line = socket.socket(socket.AF_UNIX)
line.bind('\\0mark')
line.listen()
if os.fork() == 0:
    os.setsid()
    time.sleep(600)
    os._exit(0)
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
observe('broken', [])
""",
    ),
    probing(
        "marks of another dream",
        """
import builtins, decimal, signal
broken += [folder for folder in ('/job', '/tmp', '/dev/shm') if os.path.exists(folder + '/mark')]
broken += [folder for folder in ('/job',) if os.stat(folder).st_mtime == 1]
if 'MARK' in os.environ or hasattr(builtins, 'mark') or 'mark' in sys.modules:
    broken.append('interpreter')
if decimal.getcontext().prec == 3 or sys.getswitchinterval() > 1 or os.umask(0o22) == 0o777:
    broken.append('settings')
if signal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL:
    broken.append('signals')
def hear():
    with socket.socket(socket.AF_UNIX) as line:
        line.connect('\\0mark')
probe('socket', hear)
for name in ('shm', 'sem', 'msg'):
    rows = open('/proc/sysvipc/' + name).read().splitlines()[1:] if os.path.exists('/proc/sysvipc/' + name) else []
    broken += rows
broken += [row for row in open('/proc/net/unix').read().splitlines()[1:] if '@mark' in row]
""",
    ),
    Program(
        "a plug-in that is found by its entry point",
        """
import os
for folder in ('/job', '/tmp', '/dev/shm'):
    os.mkdir(folder + '/evil-1.0.dist-info')
    open(folder + '/evil-1.0.dist-info/METADATA', 'w').write('Metadata-Version: 2.1\\nName: evil\\nVersion: 1.0\\n')
    open(folder + '/evil-1.0.dist-info/entry_points.txt', 'w').write('[pytest11]\\nevil = evil\\n')
    open(folder + '/evil.py', 'w').write('import os\\nos._exit(0)\\n')
os.environ.update(PYTEST_PLUGINS='evil', PYTEST_ADDOPTS='--collect-only', PYTHONPATH='/tmp')
observe('broken', [])
""",
    ),
    Program(
        "a result that agrees with everything",
        """
class Same(list):
    def __eq__(self, other):
        return True
    __ne__ = __lt__ = __gt__ = __contains__ = __eq__
    __hash__ = None
    def __iter__(self):
        raise SystemExit(0)
    def __len__(self):
        return 0
observe('broken', Same())
""",
    ),
    Program(
        "a thread that reports after the end",
        """
import threading
def work():
    while True:
        observe('broken', 'it went on')
threading.Thread(target=work, daemon=True).start()
""",
        ("crashed", "finished", "timeout"),
        2.0,
    ),
    Program(
        "walking to the one who asks",
        """
import gc, sys
broken = []
frame = sys._getframe()
while frame is not None:
    broken += [name for name in ('expectations', 'literal', 'expected') if name in frame.f_locals]
    frame = frame.f_back
for one in gc.get_objects():
    name = type(one).__name__
    if name in ('Expectation', 'BlindTests', 'Judgement', 'Verdict'):
        broken.append(name)
broken += [name for name in sys.modules if name.startswith('dreamer')]
observe('broken', broken)
""",
    ),
)
