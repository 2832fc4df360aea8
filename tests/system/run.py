"""Runs the system tests in several processes, each with namespaces of its own.

usage: run.py [PYTEST-ARGUMENT...]      (PARTS=N: how many processes)

The tests wait most of the time, for WireGuard's timers or for deadlines, so more of them than
processors run at once.  The last line tells when tests could not run.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# Three need about one processor together; a fourth one would make timing tests wait for it.
PARTS_DEFAULT = 3
NO_TESTS = 5  # pytest's exit code when a filter leaves nothing to run


class Part:
    """One pytest process and what it prints."""

    def __init__(self, folder, arguments):
        self.output = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", f"--share={folder}", *arguments, HERE],
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT)

    def finish(self):
        """Wait for it; return exit code and output."""
        code = self.process.wait()
        self.output.seek(0)
        return code, self.output.read()


def count(text, what):
    """How many tests the closing line of pytest says are `what`."""
    found = re.findall(rf"^.*\b(\d+) {what}\b.* in [\d.:s() ]+$", text, re.MULTILINE)
    return int(found[-1]) if found else 0


def closing_line(texts):
    """One line about all parts; in capitals when tests did not run, since their exit code is 0."""
    sums = {what: sum(count(text, what) for text in texts)
            for what in ("passed", "failed", "errors?", "skipped")}
    total = sum(sums.values())
    if not sums["skipped"]:
        return (f"system tests: {sums['passed']} passed, "
                f"{sums['failed'] + sums['errors?']} failed, 0 skipped")
    reasons = re.findall(r"^SKIPPED \[\d+\] [^ ]+: (.*)$", "\n".join(texts), re.MULTILINE)
    why = max(set(reasons), key=reasons.count) if reasons else "see above"
    return (f"WARNING: {sums['skipped']} OF {total} SYSTEM TESTS WERE SKIPPED, "
            f"SO MOST OF CULVERT WAS NOT TESTED ({why.upper()})")


def exit_code(codes):
    """0, a failing part's code, or that of no tests when no part had any."""
    bad = [abs(code) for code in codes if code not in (0, NO_TESTS)]
    return max(bad) if bad else min(codes)


def run(running):
    """Wait for the parts and show what they print, one after another; the exit code."""
    codes, texts = [], []
    try:
        for part in running:
            code, text = part.finish()
            codes.append(code)
            texts.append(text)
            print(text, end="", flush=True)
    except KeyboardInterrupt:  # the terminal has told the parts as well
        for part in running:
            part.process.wait()
        return 128 + signal.SIGINT
    print(closing_line(texts), flush=True)
    return exit_code(codes)


def main(arguments):
    parts = max(1, int(os.environ.get("PARTS", PARTS_DEFAULT)))
    with tempfile.TemporaryDirectory(prefix="culvert-share-") as folder:
        return run([Part(folder, arguments) for _ in range(parts)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
