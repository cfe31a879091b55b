"""Moving the wall clock of this process; the monotonic clocks stay as they are.

The methods of `datetime` are replaced inside the types themselves, so that everybody who has imported them sees the
shift and `isinstance` keeps its meaning. It must only be used in a process that ends soon.
"""

from __future__ import annotations

import ctypes
import datetime
import gc
import sys
import time
from collections.abc import Callable
from typing import Any


def shift(seconds: float) -> None:
    """Let the wall clock of this process differ by so many seconds."""
    functions = _shifted_functions(seconds)
    by_identity = {id(real): shifted for real, shifted in functions.items()}
    now = functions[time.time]
    for module in list(sys.modules.values()):
        try:
            names = vars(module)
        except TypeError:
            continue
        for name, value in list(names.items()):
            replacement = by_identity.get(id(value))
            if replacement is not None:
                names[name] = replacement
    _shift_types(now)


def _shifted_functions(seconds: float) -> dict[Any, Callable[..., Any]]:
    real_time, real_time_ns, real_clock = time.time, time.time_ns, time.clock_gettime
    nanoseconds = round(seconds * 1e9)

    def time_now() -> float:
        return real_time() + seconds

    def gettime(clock: int) -> float:
        return real_clock(clock) + (seconds if clock == time.CLOCK_REALTIME else 0)

    def defaulted(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda moment=None: function(time_now() if moment is None else moment)

    real_strftime, real_localtime, real_asctime = time.strftime, time.localtime, time.asctime
    return {
        time.time: time_now,
        time.time_ns: lambda: real_time_ns() + nanoseconds,
        time.clock_gettime: gettime,
        time.localtime: defaulted(time.localtime),
        time.gmtime: defaulted(time.gmtime),
        time.ctime: defaulted(time.ctime),
        time.strftime: lambda form, moment=None: real_strftime(
            form, real_localtime(time_now()) if moment is None else moment
        ),
        time.asctime: lambda moment=None: real_asctime(real_localtime(time_now()) if moment is None else moment),
    }


def _shift_types(now: Callable[[], float]) -> None:
    def moment(cls: Any, tz: datetime.tzinfo | None = None) -> Any:
        return cls.fromtimestamp(now(), tz)

    def utcnow(cls: Any) -> Any:
        return cls.fromtimestamp(now(), datetime.UTC).replace(tzinfo=None)

    def today(cls: Any) -> Any:
        return cls.fromtimestamp(now())

    _replace(datetime.datetime, {"now": classmethod(moment), "utcnow": classmethod(utcnow)})
    _replace(datetime.date, {"today": classmethod(today)})


def _replace(cls: type, methods: dict[str, Any]) -> None:
    for names in gc.get_referents(cls.__dict__):
        if isinstance(names, dict):
            names.update(methods)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))
