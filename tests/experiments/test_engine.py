"""The engine: failures are results, dead workers are replaced, memory stays bounded."""

import errno
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest
from tocsin.experiments.running.engine import Here
from tocsin.experiments.running.pool import LocalPool, local
from tocsin.experiments.running.stream import stream
from tocsin.simulation.errors import InputError


def _works(number):
    if number == 7:
        raise ValueError("seven is refused")
    return number * number


def _kills(number):
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def _imported(_):
    heavy = ("matplotlib", "solara", "mesa.visualization", "distributed")
    return [name for name in heavy if name in sys.modules]


@pytest.mark.parametrize("engine", [Here, lambda: LocalPool(2)], ids=["here", "pool"])
def test_a_job_that_fails_is_a_result_and_the_others_go_on(engine):
    with engine() as place:
        results = {result.number: result for result in stream(_works, range(30), place, 30)}
    assert sorted(results) == list(range(30))
    assert results[7].reason == "ValueError: seven is refused"
    assert "_works" in "".join(results[7].error.__notes__)
    assert all(results[n].value == n * n for n in range(30) if n != 7)


def test_a_job_that_kills_its_worker_is_found_out_and_takes_no_other_with_it():
    with LocalPool(2) as place:
        results = {result.number: result for result in stream(_kills, range(30), place, 30)}
    assert "worker process died, 3 times; if memory is scarce" in results[7].reason
    assert all(results[n].value == n * n for n in range(30) if n != 7)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_without_shared_memory_the_sentence_says_what_to_do(monkeypatch, code):
    """A read-only /dev/shm makes no semaphores; the system says so where one is made."""
    from multiprocessing import synchronize

    def refused(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(synchronize._multiprocessing, "SemLock", refused)
    with pytest.raises(InputError, match=r"no shared memory.*/dev/shm.*--workers 1"), \
            LocalPool(2) as place:  # fmt: skip
        list(stream(_works, range(3), place, 3))


@pytest.mark.parametrize("wrong", [OSError(errno.ENOMEM, "Cannot allocate memory"), MemoryError(),
                                   RuntimeError("can't start new thread")])  # fmt: skip
def test_where_no_worker_can_start_the_sentence_says_what_to_do(monkeypatch, wrong):
    def refused(*_, **__):
        raise wrong

    monkeypatch.setattr(ProcessPoolExecutor, "submit", refused)
    with pytest.raises(InputError, match="use fewer workers, or one"), LocalPool(2) as place:
        list(stream(_works, range(3), place, 3))


def test_jobs_are_taken_only_as_they_are_needed():
    taken = []

    def jobs():
        for number in range(100_000):
            taken.append(number)
            yield number

    with Here() as place:
        results = stream(_works, jobs(), place)
        for _ in range(5):
            next(results)
        assert len(taken) < 5000
        results.close()


def test_workers_carry_no_weight():
    with LocalPool(1) as place:
        assert [result.value for result in stream(_imported, range(1), place)] == [[]]


def test_a_function_that_cannot_travel_is_refused():
    with LocalPool(2) as place, pytest.raises(InputError, match="top level of a module"):
        next(stream(lambda number: number, range(3), place))


def test_a_number_of_workers_makes_sense():
    with pytest.raises(InputError, match="from 1"):
        local(0)
    assert isinstance(local(1), Here)
