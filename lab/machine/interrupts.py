"""Ctrl-C, a closed terminal and SIGTERM end a run in the same orderly way."""

import contextlib
import signal
import threading

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def raise_as_keyboard_interrupt():
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)


@contextlib.contextmanager
def held_off():
    """A stretch that has to be finished; an interruption comes at its end.

    Python interrupts the main thread only: in another one there is none to hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    handlers = {number: signal.signal(number, lambda *_: came.append(True))
                for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt
