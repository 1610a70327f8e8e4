# SPDX-License-Identifier: MIT
"""contestants: who is measured. All of them are preloaded libraries, so each is an environment."""
import glob
import os

from rig import BUILD, OUT, PROXY


class Contestant:
    """`library` is preloaded; `settings(port)` is its environment for a SOCKS5 proxy at that port; `options(port)` are for a client that speaks
    SOCKS5 itself."""

    def __init__(self, name, library=None, settings=lambda port: {}, options=lambda port: []):
        self.name, self.library, self.settings, self.options = name, library, settings, options

    def environment(self, port):
        return {**({"LD_PRELOAD": self.library} if self.library else {}), **self.settings(port)}


def written(name, text):
    path = f"{OUT}/{name}"
    with open(path, "w") as f:
        f.write(text)
    return path


def proxychains(port):
    text = f"strict_chain\nquiet_mode\n[ProxyList]\nsocks5 {PROXY} {port}\n"
    return {"PROXYCHAINS_CONF_FILE": written("proxychains.conf", text), "PROXYCHAINS_QUIET_MODE": "1"}


def tsocks(port):
    text = f"local = 127.0.0.0/255.0.0.0\nserver = {PROXY}\nserver_type = 5\nserver_port = {port}\n"
    return {"TSOCKS_CONF_FILE": written("tsocks.conf", text), "TSOCKS_DEBUG": "-1"}


def torsocks(port):
    text = f"TorAddress {PROXY}\nTorPort {port}\n"
    return {"TORSOCKS_CONF_FILE": written("torsocks.conf", text), "TORSOCKS_LOG_LEVEL": "1"}


def dante(port):
    route = "route {{ from: 0.0.0.0/0 to: {}\n{} }}\n"
    text = "logoutput: /dev/null\n" + route.format("127.0.0.0/8", "via: direct") + route.format(
        "0.0.0.0/0", f"via: {PROXY} port = {port}\nprotocol: tcp\nproxyprotocol: socks_v5\ncommand: connect\nmethod: none")
    return {"SOCKS_CONF": written("dante.conf", text), "SOCKS_AUTOADD_LANROUTES": "no"}


DIRECT = Contestant("direct")
EMPTY = Contestant("empty .so", OUT + "/empty.so")
MINIMAL = Contestant("minimal client", options=lambda port: ["-x", f"{PROXY}:{port}"])
AT_ONCE = Contestant("pipelining client", options=lambda port: ["-p", "-x", f"{PROXY}:{port}"])


def ours(port):
    return {"SOCKSIFY_PROXY": f"socks5://{PROXY}:{port}"}


def ours_at_once(port):
    return {"SOCKSIFY_CONFIG": written("at_once.ini", f"[proxy p]\nurl = socks5://{PROXY}:{port}\npipeline = yes\n")}


OURS = Contestant("socksify", BUILD + "/lib/libsocksify.so", ours)
OURS_AT_ONCE = Contestant("socksify", OURS.library, ours_at_once)


def rivals():
    """Those that are installed; and with BEFORE=FILE another libsocksify.so, to see what a change has changed."""
    if "BEFORE" in os.environ:
        yield Contestant("before", os.environ["BEFORE"], ours)
    for name, pattern, settings in (
        ("proxychains4", "libproxychains.so.4", proxychains),
        ("tsocks", "libtsocks.so", tsocks),
        ("torsocks", "torsocks/libtorsocks.so", torsocks),
        ("Dante's client", "libdsocksd.so.0", dante),
    ):
        found = [p for p in glob.glob(f"/usr/lib/*/{pattern}") + glob.glob(f"/usr/lib/{pattern}") if os.path.exists(p)]
        if found:
            yield Contestant(name, found[0], settings)
