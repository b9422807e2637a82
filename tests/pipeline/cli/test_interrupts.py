"""Ctrl-C and SIGTERM: an orderly end, a quick one where that takes too long, a second at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from seimai.pipeline.cli.interrupts import INTERRUPTED, SECONDS, interruptible
from tests.conftest import PATIENCE

KINDS = [signal.SIGINT, signal.SIGTERM]

STUBBORN = """
import sys, time
from seimai.pipeline.cli import interrupts

interrupts.SECONDS = float(sys.argv[1])
with interrupts.interruptible():
    while True:
        try:
            print("here", flush=True)
            time.sleep(600)
        except KeyboardInterrupt:
            pass  # as a long call that hears nothing
"""


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_raised_and_handlers_are_put_back(kind):
    """The block ends with `KeyboardInterrupt`, and then everything is as it was."""
    before = signal.getsignal(kind)
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(kind)

    assert before is signal.getsignal(kind)


def test_other_threads_are_left_alone():
    """Signals are for the main thread; elsewhere the block is like any other."""
    done = []

    def work() -> None:
        with interruptible():
            done.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert [signal.getsignal(signal.SIGTERM)] == done


def _stubborn(seconds: float) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", STUBBORN, str(seconds)], stdout=subprocess.PIPE
    )
    assert process.stdout
    assert b"here\n" == process.stdout.readline()
    return process


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_end_is_ended(kind):
    """A command that swallows the interrupt is over all the same, before five seconds are."""
    assert SECONDS < 5
    with _stubborn(0.2) as process:
        process.send_signal(kind)

        assert INTERRUPTED == process.wait(PATIENCE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_one_ends_at_once(kind):
    """Nobody waits for an orderly end who asks twice."""
    with _stubborn(600) as process:
        process.send_signal(kind)
        assert process.stdout
        assert b"here\n" == process.stdout.readline()
        process.send_signal(kind)

        assert INTERRUPTED == process.wait(PATIENCE)
