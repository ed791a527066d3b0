"""Runs AWS's runtime client, awslambdaric, on the local cloud's clock.

Arguments: how many times as fast as real time the clock goes; virtual milliseconds since the epoch, and the real ones at that
moment; the handler.

What the function itself reads and waits for is scaled: time, datetime, and the timeouts of threads and selectors. What waits on
a socket stays real, or scaled time would make the network look slow.
"""

import datetime
import os
import runpy
import selectors
import sys
import threading
import time

speed, virtual_start, real_start = (float(argument) for argument in sys.argv[1:4])
handler = sys.argv[4]

real_time, real_monotonic, real_sleep = time.time, time.monotonic, time.sleep
monotonic_start = real_monotonic()


def virtual_time():
    return (virtual_start + (real_time() * 1000 - real_start) * speed) / 1000


def virtual_monotonic():
    return monotonic_start + (real_monotonic() - monotonic_start) * speed


def scaled(timeout):
    return timeout if timeout is None or timeout < 0 else timeout / speed


class Function:
    """Is called as the function of C that it replaces: an attribute of a class does not bind it."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments, **named):
        return self.function(*arguments, **named)


def scale_time():
    real_strftime = time.strftime
    replace(time, "time", virtual_time)
    replace(time, "time_ns", lambda: int(virtual_time() * 1e9))
    replace(time, "sleep", lambda seconds: real_sleep(scaled(seconds)))
    for name in ("monotonic", "perf_counter"):
        replace(time, name, virtual_monotonic)
        replace(time, name + "_ns", lambda: int(virtual_monotonic() * 1e9))
    for name in ("gmtime", "localtime", "ctime"):
        replace(time, name, at_virtual_time(getattr(time, name)))
    replace(time, "strftime", lambda format, *moment: real_strftime(format, *(moment or (time.localtime(),))))


def replace(module, name, function):
    setattr(module, name, Function(function))


def at_virtual_time(function):
    return lambda seconds=None: function(virtual_time() if seconds is None else seconds)


def scale_waits():
    threading._time = virtual_monotonic
    real_wait = threading.Condition.wait
    threading.Condition.wait = lambda self, timeout=None: real_wait(self, scaled(timeout))
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "DevpollSelector", "KqueueSelector"):
        selector = getattr(selectors, name, None)
        if selector and "select" in vars(selector):
            selector.select = scaled_select(selector.select)


def scaled_select(select):
    return lambda self, timeout=None: select(self, scaled(timeout))


def scale_dates():
    real_date, real_datetime = datetime.date, datetime.datetime

    class InstancesOfDate(type):
        def __instancecheck__(cls, instance):
            return isinstance(instance, real_date)

    class InstancesOfDatetime(type):
        def __instancecheck__(cls, instance):
            return isinstance(instance, real_datetime)

    class VirtualDate(real_date, metaclass=InstancesOfDate):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(virtual_time())

    class VirtualDatetime(real_datetime, metaclass=InstancesOfDatetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(virtual_time(), tz)

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(virtual_time(), datetime.timezone.utc).replace(tzinfo=None)

        @classmethod
        def today(cls):
            return cls.fromtimestamp(virtual_time())

    for name, replacement in (("date", VirtualDate), ("datetime", VirtualDatetime)):
        replacement.__name__ = replacement.__qualname__ = name
        replacement.__module__ = "datetime"
        setattr(datetime, name, replacement)


scale_time()
scale_waits()
scale_dates()

# As on Lambda, the function's own modules come first, and this file's directory does not come at all.
sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
sys.argv = ["awslambdaric", handler]
runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
