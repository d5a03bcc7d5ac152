"""What is done again and again is done in a thread of its own, until it is closed."""

import threading

from imagen_demo.periodic import Periodic

PATIENCE = 60.0


def test_it_begins_at_once_and_goes_on() -> None:
    done = threading.Semaphore(0)
    again = Periodic("again", done.release, every=0.01)
    again.start()
    for _ in range(3):
        assert done.acquire(timeout=PATIENCE)
    again.close()


def test_it_waits_between_two_times_and_ends_in_the_midst_of_that_when_closed() -> None:
    done = threading.Semaphore(0)
    hourly = Periodic("hourly", done.release, every=3600)
    hourly.start()
    assert done.acquire(timeout=PATIENCE)
    (thread,) = (each for each in threading.enumerate() if each.name == "hourly")
    assert thread.daemon, "nobody's end waits for it"
    hourly.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not done.acquire(blocking=False)


def test_what_is_being_done_goes_on_to_its_end_when_closed() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert go_on.wait(PATIENCE)
        ended.set()

    slow = Periodic("slow", work)
    slow.start()
    assert begun.wait(PATIENCE)
    slow.close()
    go_on.set()
    assert ended.wait(PATIENCE)


def test_closing_what_never_began_is_no_harm() -> None:
    never = Periodic("never", threading.Event().set)
    never.close()
    never.close()
