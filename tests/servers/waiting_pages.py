# SPDX-License-Identifier: MIT
"""waiting_pages: a folder's pages over HTTP; /wait is answered as soon as /done has been asked for: waiting_pages.py ADDR PORT FOLDER"""
import functools
import http.server
import sys
import threading

done = threading.Event()


class Pages(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path == '/done':
            done.set()
        if self.path == '/wait':
            done.wait(20)
        super().do_GET()


address, port, folder = sys.argv[1:]
http.server.ThreadingHTTPServer((address, int(port)), functools.partial(Pages, directory=folder)).serve_forever()
