# SPDX-License-Identifier: MIT
"""rig: the servers of a measurement, and running programs as one of the contestants."""
import os
import re
import subprocess

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
OUT = BUILD + "/bench"
ROUNDS = int(os.environ.get("ROUNDS", "9"))
FAR = "10.99.0.1"
PROXY = "127.0.0.1"


def client(name):
    return f"{OUT}/{name}"


class Server:
    """Listens while it is in use as a context."""

    def __init__(self, *command):
        self.command = command

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def proxy(*options):
    return Server(BUILD + "/tests/proxy", *options, PROXY + ":0")


def destination(what):
    return Server(BUILD + "/tests/destination", what, FAR + ":0")


def run(contestant, command, port=None, wrapper=()):
    """Run a program of ours; `port`: the proxy's. Its output, or an exception that says why not."""
    command = list(command)
    command[1:1] = contestant.options(port)
    env = {"PATH": os.environ["PATH"], "HOME": OUT, "LC_ALL": "C"}
    env.update(contestant.environment(port or 1080))
    env = [f"{name}={value}" for name, value in env.items()]
    command = [*wrapper, "/usr/bin/env", "-i", *env, *command]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, errors="replace")
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise RuntimeError("fails: " + (said[-1][:60] if said else str(done.returncode)))
    return done.stdout


def values(text):
    """{"name": number} of lines "name: number ..."."""
    return {m[1]: float(m[2]) for m in re.finditer(r"^(.+): (-?[\d.]+)", text, re.M)}


def syscalls(contestant, command, port=None):
    """How many system calls the program makes, all its threads together; /usr/bin/env's own are the same for everybody. By the kernel's
    tracepoint, which does not slow the program down so that more answers are there when it looks; by strace where there is none."""
    counts = OUT + "/syscalls.txt"
    for wrapper, total in (
        (("/usr/bin/perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-o", counts), r"^(\d+),.*sys_enter"),
        (("/usr/bin/strace", "-f", "-c", "-o", counts), r"^100\.00\s+\S+\s+(?:\S+\s+)?(\d+)\s.*total$"),
    ):
        try:
            run(contestant, command, port, wrapper)
        except (OSError, RuntimeError):
            continue
        with open(counts) as f:
            found = re.search(total, f.read(), re.M)
        if found:
            return int(found[1])
    run(contestant, command, port)  # says why it fails
    raise RuntimeError("neither perf nor strace counts")


def instructions(contestant, command, port=None):
    """How many instructions the program takes in user space, by callgrind, which counts exactly; and so is anything before main()."""
    counts = OUT + "/callgrind.txt"
    # ours refuses to run valgrind's tool, which is static, unless told
    env = {"SOCKSIFY_UNSAFE": "yes", **contestant.environment(port or 1080)}
    tool = ["/usr/bin/valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-file=" + counts]
    done = subprocess.run([*tool, *command], env={"PATH": os.environ["PATH"], "HOME": OUT, **env}, capture_output=True, timeout=120)
    with open(counts) as f:
        collected = re.search(r"Collected : (\d+)", f.read())
    if done.returncode or not collected:
        raise RuntimeError("fails under valgrind")
    return int(collected[1])
