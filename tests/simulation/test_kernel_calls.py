"""A wrong call of a kernel is refused: by the type checker, or by a run that checks its calls."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from tocsin.simulation import kernels
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.checking import KernelCallError, checked
from tocsin.simulation.kernels.compiling.kinds import F8, I8, signature_of

TOP = Path(__file__).parents[2]
RIGHT = """
import numpy as np
from tocsin.simulation import kernels

whole, real = np.zeros(3, dtype=np.int64), np.zeros(3)
open_lane = np.zeros(3, dtype=np.bool_)
kernels.hand_over(whole, open_lane, whole, whole, whole)
"""
WRONG = """kernels.hand_over(whole, open_lane, real, whole, whole)
kernels.hand_over(open_lane, whole, whole, whole, whole)
kernels.hand_over(whole, open_lane, whole, whole)
"""


def test_the_type_checker_refuses_arrays_of_a_wrong_kind_swapped_ones_and_missing_ones(tmp_path):
    spec = importlib.util.spec_from_file_location("check_types", TOP / "tools" / "check_types.py")
    check_types = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check_types)
    check_types.link(tmp_path / "links")
    (tmp_path / "calls.py").write_text(RIGHT + WRONG)
    settings = {"include": ["calls.py"], "extraPaths": ["links"], "typeCheckingMode": "standard",
                "pythonVersion": "3.12"}  # fmt: skip
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    checker = Path(sys.executable).with_name("basedpyright")
    done = subprocess.run([checker, "--outputjson", "--pythonpath", sys.executable, "-p", tmp_path],
                          capture_output=True, text=True, timeout=300)  # fmt: skip
    found = json.loads(done.stdout)["generalDiagnostics"]
    lines = {one["range"]["start"]["line"] for one in found if one["severity"] == "error"}
    first = RIGHT.count("\n")
    assert lines == {first, first + 1, first + 2}, done.stdout


def _lanes():
    """What `hand_over` takes: three lanes, two commodities."""
    return [np.array([0, 1, 0]), np.ones(3, dtype=bool), np.array([5, 6, 7]),
            np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64)]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: [a[0], a[1], a[3], a[2], a[4]], "L is 3 in argument commodity and 2 in amount"),
        (lambda a: [a[0], a[1], a[2] * 1.0, *a[3:]], "amount: an array of float64 with 1 dim"),
        (lambda a: [a[0], a[1], a[2][None], *a[3:]], "amount: an array of int64 with 2 dimensions"),
        (lambda a: [a[0], a[1], np.arange(6)[::2], *a[3:]], "amount: an array that does not lie"),
        (lambda a: [a[0], a[1], 5, *a[3:]], "amount: int is given, it takes an array"),
        (lambda a: a[:4], "4 arguments are given, it takes 5"),
    ],
)  # fmt: skip
def test_a_checked_call_of_swapped_or_wrong_arrays_is_refused(change, said):
    with pytest.raises(KernelCallError, match=said):
        checked(kernels.hand_over)(*change(_lanes()))


def test_a_checked_call_that_is_right_does_what_the_kernel_does():
    right = _lanes()
    checked(kernels.hand_over)(*right)
    assert right[4].tolist() == [12, 6]


class Summing:
    """What stands for a kernel that sums."""

    @staticmethod
    def py_func(
        first: Annotated[I8, "B + 1"],
        worth: Annotated[F8, "B"],
        out: Annotated[F8, "B * 2, 1 or B"],
    ) -> float:
        return worth.sum() + out.sum()

    def __call__(self, *given):
        return self.py_func(*given)


def test_sums_products_and_choices_of_sizes_are_held_to():
    call, three = checked(Summing()), np.ones(3)
    assert call(np.arange(4), three, np.ones((6, 1))) == 9.0
    assert call(np.arange(4), three, np.ones((6, 3))) == 21.0
    with pytest.raises(KernelCallError, match=r"first: a dimension of B \+ 1 = 4 is 3 long"):
        call(np.arange(3), three, np.ones((6, 1)))
    with pytest.raises(KernelCallError, match="out: a dimension of 1 or B = 1 or 3 is 2 long"):
        call(np.arange(4), three, np.ones((6, 2)))


def test_an_argument_without_a_kind_is_no_kernel():
    def without(x, y: float) -> None:
        """Nothing."""

    def of_text(x: str) -> None:
        """Nothing."""

    with pytest.raises(TypeError, match="no annotation of x"):
        signature_of(without)
    with pytest.raises(TypeError, match="neither a kind of array nor one of number"):
        signature_of(of_text)


def test_eleven_arguments_need_a_reason():
    def eleven(
        a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: int, j: int, k: int
    ) -> None:
        """Nothing."""

    with pytest.raises(TypeError, match="eleven: a kernel has 10 arguments at most, or a reason"):
        compiled(eleven)
