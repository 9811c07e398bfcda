#!/usr/bin/env python3
"""Prints RESULTS.md from the figures that run.sh left: report.py FOLDER"""

import datetime
import json
import os
import pathlib
import statistics
import sys


def load(folder, name):
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def seconds(result):
    digits = 3 if result["mean"] < 10 else 1
    return f"{result['mean']:.{digits}f} s ± {result['stddev'] or 0:.{digits}f}"


def side_by_side(folder, name, title, targets):
    """One row per opponent; a ratio is Candor's mean divided by the opponent's."""
    data = load(folder, name)
    if not data:
        return
    results = {result["command"]: result for result in data["results"]}
    candor = results.pop("candor")
    for opponent, result in results.items():
        ratio = candor["mean"] / result["mean"]
        print(f"| {title} | {seconds(candor)} | {opponent}: {seconds(result)} | {ratio:.2f}× | {targets[opponent]} |")


def values(node, key):
    if isinstance(node, dict):
        if key in node:
            yield float(node[key])
        for child in node.values():
            yield from values(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from values(child, key)


def cost_of_proof(folder):
    small, large = load(folder, "4.200"), load(folder, "4.10000")
    if not small or not large:
        return
    for key, title, target in (
        ("proof_ms", "4. proof per small migration, 10,000 tables against 200", "at most 2×"),
        ("total_ms", "4. the whole small migration, likewise", ""),
    ):
        few, many = statistics.median(values(small, key)), statistics.median(values(large, key))
        print(f"| {title} | {many:.2f} ms | {few:.2f} ms | {many / few:.2f}× | {target} |")


def alone(title, milliseconds, target):
    print(f"| {title} | {milliseconds:.0f} ms | | | {target} |")


def beyond_reading(folder):
    diagnosed, diffed = load(folder, "6"), load(folder, "7")
    if diagnosed:
        alone("6. `diagnose` of 300 migrations on 260 tables, without reading the catalog",
              diagnosed["diagnosis"]["total_ms"] - diagnosed["diagnosis"]["reading_ms"], "at most 150 ms")
    if diffed:
        alone("7. `diff` of two catalogs of 10,000 tables, without reading and proving", diffed["planning_ms"], "at most 150 ms")


def thousand_changes(folder):
    plan, psql = load(folder, "8"), load(folder, "8.psql")
    if not plan or not psql:
        return
    own, other = (plan["planning_ms"] + plan["proof_ms"]) / 1000, psql["results"][0]
    print(f"| 8. a plan of {len(plan['effects']):,} changes, made and proven | {own:.3f} s | psql runs it: {seconds(other)} "
          f"| {own / other['mean']:.2f}× | at most 5× |")


def check_files(folder):
    data = load(folder, "9")
    if data:
        alone("9. `check` of 1,000 files", data["results"][0]["mean"] * 1000, "below 100 ms")


def peak_memory(folder):
    path = folder / "3.peak_kib"
    if path.exists():
        print(f"| 3. peak memory of that `verify` | {int(path.read_text().split()[-1]) / 1024:.0f} MB | | | at most 300 MB |")


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB of memory"


def main(folder):
    folder = pathlib.Path(folder)
    print("# Results\n")
    print("Repeat with `./dev bench`, or one of them with `./dev bench 3`. Both sides of a ratio were measured in the same")
    print("run, on the same throw-away server (Unix socket, fsync off); mean ± standard deviation by hyperfine.\n")
    server = folder / "server"
    print(f"Measured {datetime.date.today()} on {machine()};")
    print(f"{server.read_text().split(',')[0] if server.exists() else 'server unknown'}.\n")
    print("| what | Candor | against | ratio | target |\n| --- | --- | --- | --- | --- |")
    side_by_side(folder, "1", "1. `up` of 1,000 small migrations, each proven", {"psql": "at most 1.8×"})
    side_by_side(folder, "2", "2. `up` with nothing pending (1,000 files, 200 tables)",
                 {"psql": "at most 3×", "dbmate": "below 1×"})
    side_by_side(folder, "3", "3. `verify` of 10,000 tables × 12 columns", {"pg_dump": "at most 0.25×"})
    peak_memory(folder)
    cost_of_proof(folder)
    side_by_side(folder, "5", "5. `lock` of a history, psql one process per file", {"psql": "at most 2×"})
    beyond_reading(folder)
    thousand_changes(folder)
    check_files(folder)
    print("""
1: psql is one session that runs the same files, each in BEGIN … COMMIT with one INSERT. 2: psql is `psql -c 'select 1'`;
dbmate looks only at its table of versions. 3: pg_dump is `pg_dump --schema-only`. 4: the median over 20 migrations, as
`candor up --json` reports them; its second column is the database of 200 tables. 5: 300 generated migrations, or the
folder named by CANDOR_BENCH_HISTORY; Candor's time includes starting its shadow.""")


if __name__ == "__main__":
    main(sys.argv[1])
