"""Elementary functions: close to the true values, and the same bits on every machine."""

import ast
import math
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from tocsin.simulation import elementary, kernels, reference
from tocsin.simulation.kernels import functions
from tocsin.simulation.reference import functions as twins

RANDOM = np.random.default_rng(8)
INSIDE = (RANDOM.integers(0, 2**32, 20_000) + 0.5) / 2**32
WIDE = np.exp(RANDOM.uniform(-700, 700, 20_000))
NEAR = RANDOM.uniform(-1, 1, 20_000) * 10.0 ** RANDOM.uniform(-18, -0.01, 20_000)
ARGUMENTS = {
    "exp": np.concatenate([RANDOM.uniform(-707, 707, 20_000), RANDOM.uniform(-1, 1, 20_000), NEAR]),
    "log": np.concatenate([WIDE, INSIDE, 1 + NEAR, [1.0, 2.0, 0.5, math.sqrt(0.5)]]),
    "normal": np.concatenate([INSIDE, [0.5, 0.075, 0.925, 2.0**-33, 1 - 2.0**-33, 1e-12]]),
    "gumbel": INSIDE,
}
NUMBERS = """
import hashlib
from tocsin.simulation.run import run
for name in ("all_three", "mediterranean", "dark_net_2017"):
    done = run(name, seed=2, weeks=80, events=False)
    digest = hashlib.sha256(done.series.to_numpy().tobytes())
    for _, array in sorted(done.model.state().items()):
        digest.update(array.tobytes())
    print(name, digest.hexdigest())
"""
# An old processor: vector code of 2008 at most, no fused multiplication, other library functions.
OLD = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "OPENBLAS_CORETYPE": "Prescott",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA",
}


def _called(module, name, *arguments):
    out = np.empty_like(arguments[0])
    getattr(module, name)(*arguments, out)
    return out


@pytest.mark.parametrize("name", ARGUMENTS)
def test_array_functions_equal_their_twins(name):
    x = ARGUMENTS[name]
    assert np.array_equal(_called(kernels, name, x), _called(reference, name, x))


@pytest.mark.parametrize("name", ["exp", "log"])
def test_functions_are_within_four_units_in_the_last_place(name):
    x = ARGUMENTS[name]
    true = np.array([getattr(math, name)(value) for value in x.tolist()])
    np.testing.assert_array_max_ulp(_called(kernels, name, x), true, maxulp=4)


def _of_each(function, *arguments):
    """A compiled function of numbers, for each number of arrays."""
    return np.array([function(*one) for one in zip(*arguments, strict=True)])


def test_the_logarithm_of_one_and_a_little_more_is_exact():
    x = np.concatenate([NEAR, -INSIDE, [0.0, 1e-17]])
    found = _of_each(functions.log1p_of, x)
    assert np.array_equal(found, twins.log1p_of(x))
    np.testing.assert_array_max_ulp(found, np.array([math.log1p(one) for one in x]), maxulp=4)


def test_the_chance_of_a_small_hazard_is_exact():
    hazard = np.concatenate([np.abs(NEAR), RANDOM.uniform(0, 30, 2000), [0.0, 0.35]])
    one, at = np.ones(1), np.zeros(hazard.size, dtype=np.int64)
    where, look = np.array([at, at]), np.array([hazard, np.ones(hazard.size)])
    danger = [np.empty(hazard.size), np.empty(hazard.size)]
    for module, out in zip((kernels, reference), danger, strict=True):
        module.expose(where, look, np.arange(hazard.size), np.array([[1.0], [0.0], [0.0]]), one,
                      np.zeros((1, 1), dtype=bool), np.zeros((1, 1), dtype=np.int32),
                      np.zeros(1, dtype=np.int32), 0.0, out)  # fmt: skip
    assert np.array_equal(*danger)
    np.testing.assert_array_max_ulp(danger[0], -np.expm1(-hazard), maxulp=4)


def test_quantiles_are_those_of_the_standard_library():
    x = ARGUMENTS["normal"]
    true = [NormalDist().inv_cdf(p) for p in x.tolist()]  # Wichura's algorithm as well
    np.testing.assert_allclose(_called(kernels, "normal", x), true, rtol=1e-14)


def test_lognormal_numbers_have_mean_one():
    p = (np.arange(200_000) + 0.5) / 200_000  # evenly, so without chance
    for spread in (0.3, 1.0):
        assert twins.lognormal_of(p, spread).mean() == pytest.approx(1, abs=0.002)
    some = RANDOM.permutation(p)[:20_000]
    spreads = RANDOM.uniform(0, 2, some.size)
    found = _of_each(functions.log_of_lognormal, _called(kernels, "normal", some), spreads)
    assert np.array_equal(_called(kernels, "exp", found), twins.lognormal_of(some, spreads))


def test_powers():
    base, exponent = RANDOM.uniform(0, 3, 20_000), RANDOM.uniform(-4, 4, 20_000)
    for b, e in zip(base[:2000].tolist(), exponent.tolist(), strict=False):
        assert functions.raised(b, e) == twins.raised(b, e)
    np.testing.assert_allclose(elementary.power(base, exponent), base**exponent, rtol=5e-15)
    plain = [(0.0, 2.0), (0.0, 0.0), (1.0, 7.0), (0.5, 1.0)]
    assert [functions.raised(b, e) for b, e in plain] == [0.0, 1.0, 1.0, 0.5]
    assert elementary.kept(1) == 0.5
    assert elementary.power(2.0, np.arange(4)).tolist() == pytest.approx([1, 2, 4, 8], rel=1e-15)


def test_ends_of_the_line():
    ends = np.array([-np.inf, -708.5, 709.5, np.inf, np.nan])
    assert np.array_equal(elementary.exp(ends), [0, 0, np.inf, np.inf, np.nan], equal_nan=True)
    assert np.array_equal(elementary.log(np.array([0.0, 1.0])), [-np.inf, 0.0])


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="names an old processor of this kind"
)
def test_numbers_do_not_depend_on_the_processor():
    def numbers(more):
        done = subprocess.run([sys.executable, "-c", NUMBERS], env={**os.environ, **more},
                              capture_output=True, text=True, check=True)  # fmt: skip
        return done.stdout.splitlines()

    here = numbers({})
    assert len(here) == 3
    assert numbers(OLD) == here


def test_the_model_takes_these_functions_from_nowhere_else():
    theirs = {"exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "power", "pow", "hypot",
              "sin", "cos", "tan", "tanh", "arctan", "arctan2", "cbrt", "erf", "erfc", "ndtri",
              "logaddexp", "sinh", "cosh"}  # fmt: skip
    found = []
    for path in sorted(Path(kernels.__file__).parents[1].rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("np", "math")
            raised = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
            if (called and node.attr in theirs) or (raised and not _is_whole(node.right)):
                found.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
    assert not found


def _is_whole(node):
    """Whether an exponent is a whole number that is written down."""
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, int)
