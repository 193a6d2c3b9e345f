"""Run benchmarks and print one table; keep the last complete one.

python -m benchmarks               all of them, in turn; nothing else should be going on
python -m benchmarks start sweep   some of them
python -m benchmarks against HEAD~9    a default run beside that of an earlier commit
python -m benchmarks keep          write what the last complete call found to
                                   benchmarks/results.md and docs/speed.md
"""

import json
import sys
from time import perf_counter

from benchmarks.catalogue import BENCHMARKS, EXTRA
from benchmarks.figures import rows, table
from benchmarks.processes import described
from benchmarks.results import LAST, keep
from benchmarks.versions import against


def main() -> int:
    """Do what was asked for."""
    known = {one.name: one for one in (*BENCHMARKS, *EXTRA)}
    asked = sys.argv[1:]
    if asked == ["keep"]:
        return keep()
    if asked[:1] == ["against"] and len(asked) == 2:
        print(table(rows("two versions", {}, against(asked[1]))))
        return 0
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(known)}, keep, "
              "and against with a commit.",
              file=sys.stderr)  # fmt: skip
        return 2
    lines, figures, start = [], {}, perf_counter()
    for name in asked or [one.name for one in BENCHMARKS]:
        benchmark, begun = known[name], perf_counter()
        print(f"{name} ...", file=sys.stderr, flush=True)
        found = benchmark.measure()
        figures[name] = {figure.name: figure.value for figure in found}
        lines += rows(benchmark.title, benchmark.goals, found)
        print(f"{name}: {perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    print(table(lines))
    if not asked:
        LAST.write_text(json.dumps({
            "machine": described(), "lines": lines, "figures": figures,
            "minutes": (perf_counter() - start) / 60,
        }))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
