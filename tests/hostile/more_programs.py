"""Programs that hold or confuse a worker from inside one run: endless ones, dying ones, floods, odd results."""

from __future__ import annotations

from tests.hostile.program import Program, probing

LEFTOVERS = (
    Program("sleeping for ever", "import time\ntime.sleep(10**6)", ("timeout",), 1.0),
    Program(
        "deaf to every signal",
        "import signal\nfor n in range(1, 65):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\nwhile True:\n    pass",
        ("timeout",),
        1.0,
    ),
    Program("aborting", "import os\nos.abort()", ("crashed",)),
    Program("reading address zero", "import ctypes\nctypes.string_at(0)", ("crashed",)),
    Program("an illegal instruction", "import os, signal\nos.kill(os.getpid(), signal.SIGILL)", ("crashed",)),
    Program("leaving in the middle", "import os\nos._exit(0)", ("crashed",)),
    Program("leaving politely", "import sys\nsys.exit(0)", ("finished", "crashed")),
    Program(
        "an exit handler that never ends",
        "import atexit\ndef hold():\n    while True:\n        pass\natexit.register(hold)\nobserve('broken', [])",
    ),
    Program(
        "a thread that never ends",
        "import threading\ndef hold():\n    while True:\n        pass\n"
        "threading.Thread(target=hold).start()\nobserve('broken', [])",
    ),
    Program("a flood of lines", "while True:\n    print('x' * 4096)", ("crashed", "timeout"), 2.0),
    Program(
        "a flood of errors",
        "import os\nwhile True:\n    os.write(2, b'\\x1b]0;owned\\x07' * 4096)",
        ("crashed", "timeout"),
        2.0,
    ),
    Program("a huge result", "observe('broken', 'x' * (64 << 20))", ("crashed", "finished")),
    Program(
        "a deep result",
        "value = []\nfor _ in range(100000):\n    value = [value]\nobserve('broken', value)",
        ("crashed", "finished"),
    ),
    Program("a million results", "for n in range(10**6):\n    observe(str(n), n)", ("crashed", "timeout", "finished")),
    Program(
        "a result that contains itself",
        "value = []\nvalue.append(value)\nobserve('broken', value)",
        ("crashed", "finished"),
    ),
    Program(
        "a result that fights back",
        "class Odd:\n    def __repr__(self):\n        raise SystemExit(0)\n    def __iter__(self):\n"
        "        return iter(lambda: 1, 2)\n    __class__ = list\nobserve('broken', Odd())",
        ("crashed", "finished", "timeout"),
    ),
    Program(
        "closing every channel",
        "import os\nos.closerange(3, 256)\nobserve('broken', ['it went on'])",
        ("crashed",),
    ),
    Program(
        "an import hook for the next one",
        "import sys\nclass Hook:\n    def find_spec(self, *_):\n        raise SystemExit(0)\n"
        "sys.meta_path.insert(0, Hook())\nsys.path.insert(0, '/tmp')\nobserve('broken', [])",
    ),
    Program(
        "patched tools for the next one",
        "import builtins, json, os, pytest\npytest.main = pytest.raises = None\njson.dumps = lambda *_, **__: '{}'\n"
        "os.write = lambda *_: 0\nobserve('broken', [])\nbuiltins.open = None",
        ("timeout",),
        1.0,
    ),
    Program(
        "start files for the next one",
        "for folder in ('/job', '/tmp', '/dev/shm'):\n"
        "    for name in ('sitecustomize.py', 'usercustomize.py', 'x.pth', 'conftest.py', 'pytest.ini', 'pytest.py'):\n"
        "        open(f'{folder}/{name}', 'w').write('import os; os._exit(0)')\nobserve('broken', [])",
    ),
    probing(
        "more calls into the kernel",
        """
probe("memfd", lambda: syscall(319, b"x", 0))
probe("memfd_secret", lambda: syscall(447, 0))
probe("fanotify", lambda: syscall(300, 0, 0))
probe("iopl", lambda: syscall(172, 3))
probe("ioperm", lambda: syscall(173, 0, 1, 1))
probe("modify_ldt", lambda: syscall(154, 1, ctypes.create_string_buffer(16), 16))
probe("acct", lambda: syscall(163, b"/job/x"))
probe("syslog", lambda: syscall(103, 3, ctypes.create_string_buffer(16), 16))
probe("quotactl", lambda: syscall(179, 0, b"/", 0, 0))
probe("vhangup", lambda: syscall(153))
probe("kcmp", lambda: syscall(312, 1, os.getpid(), 0, 0, 0))
probe("name_to_handle_at", lambda: syscall(303, -100, b"/job", ctypes.create_string_buffer(200),
                                           ctypes.create_string_buffer(8), 0))
probe("process_madvise", lambda: syscall(440, 1, 0, 0, 0, 0))
probe("move_mount", lambda: syscall(429, -100, b"/job", -100, b"/tmp", 0))
probe("fsopen", lambda: syscall(430, b"tmpfs", 0))
probe("open_tree", lambda: syscall(428, -100, b"/", 1))
probe("landlock off", lambda: syscall(446, -1, 0))
""",
    ),
    probing(
        "what the environment tells",
        """
known = {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "TERM", "COLUMNS", "LINES"}
for name in os.environ:
    if name not in known and not name.startswith(("PYTHON", "PYTEST", "OPENBLAS", "OMP", "MKL", "LC_", "TEXTUAL")):
        broken.append(name)
if socket.gethostname() != "dream":
    broken.append(socket.gethostname())
""",
    ),
    probing(
        "a sparse file of a terabyte",
        "def stretch():\n    with open('/job/big', 'wb') as file:\n        file.truncate(1 << 40)\n"
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nprobe('1 TB', stretch)\n"
        "probe('fallocate', lambda: os.posix_fallocate(os.open('/job/f', os.O_RDWR | os.O_CREAT), 0, 1 << 30))\n",
    ),
    Program(
        "the old way into the kernel",
        """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex("b814000000cd80c3"))
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
observe("broken", ctypes.CFUNCTYPE(ctypes.c_int)(address)())
""",
        ("crashed",),
    ),
)
