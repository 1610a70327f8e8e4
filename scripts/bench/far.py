# SPDX-License-Identifier: MIT
"""far: a network at the other end of a line on which a round trip takes 100 ms, and who goes there through proxies in it."""
import contextlib
import os
import subprocess

from contestants import OURS, Contestant, written
from rig import BUILD, FAR, Server, client, run, values

RTT_MS = 100
PLACE = "10.74.0.1"
LINE = os.path.join(os.path.dirname(__file__), "../../tests/servers/delay_line.py")


class Place:
    """`there`: the words that run a command in it."""

    def __init__(self, there, stack):
        self.there, self.stack = there, stack

    def port(self, *command):
        """Of a server that runs until the place is left; of our own proxy, if those are its options."""
        if not command or command[0].startswith("-"):
            command = (BUILD + "/tests/proxy", *command, PLACE + ":0")
        return self.stack.enter_context(Server(*self.there, *command)).port

    def listens(self, port):
        """True when something does."""
        listed = subprocess.run([*self.there, "ss", "-Hltn", f"sport = :{port}"], capture_output=True, check=True)
        return bool(listed.stdout)


@contextlib.contextmanager
def far_place():
    holder = subprocess.Popen(["unshare", "--net", "sh", "-c", f"ip link set lo up && ip addr add {FAR}/32 dev lo && echo up && exec sleep infinity"],
                              stdout=subprocess.PIPE)
    holder.stdout.readline()
    there = ["nsenter", "-t", str(holder.pid), "-n"]
    line = subprocess.Popen([*there, "python3", LINE, str(RTT_MS / 2), str(os.getpid()), PLACE + "/24", "10.74.0.2/24"],
                            stdout=subprocess.PIPE)
    try:
        line.stdout.readline()
        subprocess.run([*there, "sysctl", "-qw", "net.ipv4.tcp_fastopen=0x402"], check=True)
        subprocess.run(["sysctl", "-qw", "net.ipv4.tcp_fastopen=1"], check=True)
        with contextlib.ExitStack() as stack:
            yield Place(there, stack)
    finally:
        for process in (line, holder):
            process.kill()
            process.wait()


def ours(name, ports, keys="", login="", chain="", settings="", **environment):
    """Socksify with a chain of proxies there, whose last may want a password. `keys` are for each of them."""
    text = "".join(f"[proxy p{i}]\nurl = socks5://{login + '@' if login and i == len(ports) - 1 else ''}{PLACE}:{port}\n{keys}"
                   for i, port in enumerate(ports))
    text += "[chain default]\nhops = " + ", ".join(f"p{i}" for i in range(len(ports))) + f"\n{chain}[socksify]\n{settings}"
    path = written(name.replace(" ", "_") + ".ini", text)
    os.chmod(path, 0o600)
    return Contestant(OURS.name, OURS.library, lambda _: {"SOCKSIFY_CONFIG": path, **environment})


def theirs(contestant, ports, login=""):
    """The hand-written client through the same proxies."""
    first = [*(["-p"] if "-p" in contestant.options(0) else []), *(["-l", login] if login else [])]
    return Contestant(contestant.name, options=lambda _: [*first, *(word for port in ports for word in ("-x", f"{PLACE}:{port}"))])


def round_trips(contestant, n):
    """Of a blocking connect, after a first; n = 0: of that."""
    command = [client("blocking"), f"{FAR}:80", str(n)] if n else [client("once"), f"{FAR}:80"]
    return values(run(contestant, command))["ns_per_connect"] / (RTT_MS * 1e6)
