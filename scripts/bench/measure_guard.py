# SPDX-License-Identifier: MIT
"""guard: what the second engine costs those whom the library carries, and those whom it carries itself; against the same without it."""
import os
import shutil
import subprocess

from contestants import Contestant
from rig import BUILD, FAR, OUT, PROXY, ROUNDS, client, destination, proxy, run, values
from row import Row
from stats import interleave, keyed

GUARDED, OFF, FILTERED, GO = (Contestant(name) for name in ("socksify", "guard off", "allow-all filter", "Go's own client"))
STARTS, CONNECTS, AT_ONCE, BYTES = 40, 400, 300, 400_000_000
REQUESTS, MORE_THAN_THREADS = 1000, 12_000  # Go ends itself when it has 10,000 of these


def static(name):
    return f"{OUT}/static/{name}"


def launched(contestant, port, command, *options):
    """Run a command by the launcher, with the guard from the start or without one."""
    guard = "require" if contestant is GUARDED else "off"
    below = [static("filtered"), "allow-all"] if contestant is FILTERED else []
    return [*below, BUILD + "/bin/socksify", "--guard", guard, *options, "-x", f"socks5://{PROXY}:{port}", "--", *command]


def startup():
    def sample(c):
        return values(run(c, [client("startup"), str(STARTS), *launched(c, 1, ["/bin/true"])]))

    took = keyed(interleave(ROUNDS * 2, [GUARDED, OFF], sample), "us_per_start")
    return [Row("start-up of a command with a guard", "us", took, OFF.name, "more", 2000)]


def calls():
    def sample(c):
        command = [static("filtered")]
        return values(run(c, [*command, "allow-all"] if c is FILTERED else launched(c, 1, command)))

    got = interleave(ROUNDS, [GUARDED, FILTERED], sample)
    return [
        Row("system call that the guard's filter does not name", "ns", keyed(got, "unnamed"), FILTERED.name, "ratio", 1.2),
        Row("system call that it names, made by the library", "ns", keyed(got, "marked"), FILTERED.name, "ratio", 1.5),
    ]


def connects():
    """The library's below a guard and without one; and the guard's own, of a program that the library cannot enter."""
    with proxy("--trailing", "") as p:
        def sample(program, n):
            return lambda c: values(run(c, launched(c, p.port, [program, f"{FAR}:80", str(n)])))

        library = interleave(ROUNDS * 2, [GUARDED, OFF, FILTERED], sample(client("blocking"), CONNECTS))
        loop = interleave(ROUNDS * 2, [GUARDED, OFF, FILTERED], sample(client("nonblocking"), AT_ONCE))
        both = {GUARDED.name: static("blocking"), OFF.name: client("blocking")}
        guard = interleave(ROUNDS * 2, [GUARDED, OFF], lambda c: sample(both[c.name], CONNECTS)(c))
    return [
        Row("blocking connect of the library's below a guard", "us", keyed(library, "ns_per_connect"), OFF.name, "ratio", 1.02, scale=1e-3),
        Row("... processor time of the program", "us", keyed(library, "cpu_ns_per_connect"), OFF.name, scale=1e-3),
        Row(f"{AT_ONCE} nonblocking connects of the library's below a guard", "ms", keyed(loop, "total_ms"), OFF.name, "ratio", 1.02),
        Row("blocking connect of the guard's, against the library's", "us", keyed(guard, "ns_per_connect"), OFF.name, "ratio", 1.6, scale=1e-3),
    ]


def transfers():
    """Of a program that the guard carries, on its own socket and on one that is relayed, against one that the library carries."""
    with proxy() as p, destination(f"source:{BYTES}") as source:
        def sample(reply):
            def one(c):
                program = client("transfer") if c is OFF else static("transfer")
                options = [] if c is OFF else ["-o", "guard_reply=" + reply]
                return values(run(c, launched(c, p.port, [program, f"{FAR}:{source.port}", "bulk"], *options)))
            return one

        late, relay = (keyed(interleave(ROUNDS, [GUARDED, OFF], sample(how)), "mb_per_s") for how in ("late", "relay"))
    return [
        Row("bulk over a socket that the guard answered late", "MB/s", late, OFF.name, "ratio", 1.03, faster=True),
        Row("bulk over a socket that the guard relays", "MB/s", relay, OFF.name, "ratio", 1 / 0.7, faster=True),
    ]


def go_client():
    """Returns the program in Go, or raises why there is none."""
    if not shutil.which("go"):
        raise RuntimeError("no go")
    environment = {**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off", "GOCACHE": BUILD + "/go"}
    source = os.path.join(os.path.dirname(__file__), "clients/requests.go")
    subprocess.run(["go", "build", "-o", client("requests"), source], env=environment, check=True)
    return client("requests")


def requests():
    """Of Go, which no library gets into, through a proxy that takes so long for each of its two answers; beside Go's own way through it."""
    def at_once(n, delay_ms, rounds):
        with proxy("--delay", str(delay_ms)) as p, destination("http") as d:
            def sample(c):
                command = [go_client(), f"http://{FAR}:{d.port}/", str(n)]
                return values(run(c, [*command, f"socks5://{PROXY}:{p.port}"] if c is GO else launched(c, p.port, command)))
            return interleave(rounds, [GUARDED, GO], sample)

    some, many = at_once(REQUESTS, 100, ROUNDS), at_once(MORE_THAN_THREADS, 0, 1)
    return [
        Row(f"{REQUESTS} requests of Go's at once, 2 x 100 ms", "ms", keyed(some, "total_ms"), GO.name, "ratio", 1.15),
        Row(f"{MORE_THAN_THREADS} requests of Go's at once that fail", "requests", keyed(many, "failed"), how="most", limit=0),
    ]


def rows(rivals):
    return [*startup(), *calls(), *connects(), *requests(), *transfers()]
