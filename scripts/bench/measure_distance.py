# SPDX-License-Identifier: MIT
"""distance: round trips of a connect over a line on which each takes 100 ms, by chains of proxies at its far end."""
import contextlib
import os
import subprocess

from contestants import OURS, Contestant, written
from rig import BUILD, FAR, Server, client, run, values
from row import Row
from stats import interleave

RTT_MS, N, ROUNDS = 100, 4, 3
PLACE = "10.74.0.1"
LINE = os.path.join(os.path.dirname(__file__), "../../tests/servers/delay_line.py")


@contextlib.contextmanager
def far_place():
    """A network behind that line; gives the words that run a command there."""
    holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"],
                              stdout=subprocess.PIPE)
    holder.stdout.readline()
    there = ["nsenter", "-t", str(holder.pid), "-n"]
    line = subprocess.Popen([*there, "python3", LINE, str(RTT_MS / 2), str(os.getpid()), PLACE + "/24", "10.74.0.2/24"],
                            stdout=subprocess.PIPE)
    try:
        line.stdout.readline()
        subprocess.run([*there, "sysctl", "-qw", "net.ipv4.tcp_fastopen=0x402"], check=True)
        subprocess.run(["sysctl", "-qw", "net.ipv4.tcp_fastopen=1"], check=True)
        yield there
    finally:
        for process in (line, holder):
            process.kill()
            process.wait()


def chain(name, ports, login, keys):
    """Socksify with such a chain, whose last proxy alone may want a password."""
    text = "".join(f"[proxy p{i}]\nurl = socks5://{login if i == len(ports) - 1 else ''}{PLACE}:{port}\n{keys}"
                   for i, port in enumerate(ports))
    text += "[chain default]\nhops = " + ", ".join(f"p{i}" for i in range(len(ports))) + "\n"
    path = written(name.replace(" ", "_") + ".ini", text)
    os.chmod(path, 0o600)
    return Contestant(name, BUILD + "/lib/libsocksify.so", lambda port: {"SOCKSIFY_CONFIG": path})


def round_trips(contestant):
    took = values(run(contestant, [client("blocking"), f"{FAR}:80", str(N)]))
    return took["ns_per_connect"] / (RTT_MS * 1e6)


WAYS = (
    ("asked in turn", "pipeline = no\n", None),
    ("pipelined", "pipeline = yes\n", 2.1),
    ("with fast open", "pipeline = yes\nfast_open = yes\n", 1.1),
)


def rows(rivals):
    got = []
    with far_place() as there, contextlib.ExitStack() as stack:
        def port(*options):
            return stack.enter_context(Server(*there, BUILD + "/tests/proxy", *options, PLACE + ":0")).port

        hop, last, locked = [port(), port()], port("--trailing", ""), port("--trailing", "", "--user", "u", "--password", "p")
        chains = {"1 hop": ([last], ""), "1 hop with login": ([locked], "u:p@"), "2 hops": ([hop[0], last], ""), "3 hops": ([*hop, last], "")}
        for how, keys, limit in WAYS:
            for name, (ports, login) in chains.items():
                c = chain(f"{name} {how}", ports, login, keys)
                with contextlib.suppress(RuntimeError):
                    round_trips(c)  # which brings the cookie
                samples = interleave(ROUNDS, [c], round_trips)[c.name]
                got.append(Row(f"connect over {RTT_MS} ms, {name}, {how}", "round trips", {OURS.name: samples}, None, "most", limit))
    return got
