#!/usr/bin/env python3
"""Counts what the test suites really ran.

tally.py FOLDER SUITE EXIT_CODE   reads FOLDER/SUITE.xml (JUnit), writes FOLDER/SUITE.counts
tally.py FOLDER                   prints every suite and, as the last line, the sum; exits 1 unless all passed

A suite that ran nothing, wrote no report or ended badly without a failing test counts as one failure.
"""

import pathlib
import sys
import xml.etree.ElementTree as xml


def count(report):
    passed = failed = skipped = 0
    for case in xml.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def tally_suite(folder, suite, exit_code):
    try:
        passed, failed, skipped = count(folder / f"{suite}.xml")
    except (OSError, xml.ParseError) as error:
        print(f"{suite}: no usable report: {error}", file=sys.stderr)
        passed = failed = skipped = 0
    if passed + failed == 0:
        print(f"{suite}: no test ran", file=sys.stderr)
        failed = 1
    if exit_code != 0 and failed == 0 and skipped == 0:
        print(f"{suite}: every test passed, but the runner ended with {exit_code}", file=sys.stderr)
        failed = 1
    (folder / f"{suite}.counts").write_text(f"{passed} {failed} {skipped}\n")
    return failed == 0 and skipped == 0


def line(passed, failed, skipped):
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def total(folder):
    sums = [0, 0, 0]
    for path in sorted(folder.glob("*.counts")):
        counts = [int(number) for number in path.read_text().split()]
        sums = [a + b for a, b in zip(sums, counts)]
        print(f"{path.stem}: {line(*counts)}")
    print(line(*sums))
    return sums[0] > 0 and sums[1] == 0 and sums[2] == 0


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    good = tally_suite(folder, sys.argv[2], int(sys.argv[3])) if len(sys.argv) > 2 else total(folder)
    sys.exit(0 if good else 1)
