# SPDX-License-Identifier: MIT
# terminal.py WORD...: at a terminal of its own type, to an interactive bash, commands below these words, ^C, ^Z and fg, and see that they do what they do
# below env(1).
import os, pty, sys
os.environ["PS1"] = "prompt:"
pid, tty = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
out = b""
def until(text):
    global out
    while text not in out:
        out += os.read(tty, 65536)
    out = out.split(text, 1)[1]
def type(text):
    os.write(tty, text.encode())
below = " ".join(sys.argv[1:])
type('stty -echo; echo re""ady\n')
until(b"ready")
type(below + " sh -c 'echo up; read line; echo got $line; read line'\n")
until(b"up")
type("\x1a")
until(b"Stopped")
until(b"prompt:")
type("jobs; fg\n")
until(b"sh -c")
type("word\n")
until(b"got word")
type("\x03")
until(b"prompt:") # what is typed before is lost
type("echo status $?\n")
until(b"status 130")
# a shell that makes groups of its own, and suspends what it runs
type(below + " bash --norc --noprofile -i; echo status $?\n")
type('echo in""ner\n')
until(b"inner")
type("cat\n")
type("echoed\n")
until(b"echoed")
type("\x1a")
until(b"Stopped")
until(b"prompt:")
type("fg\n")
until(b"cat")
type("again\n")
until(b"again")
type("\x03")
until(b"prompt:")
type("exit 9\n")
until(b"status 9")
print("as it should be")
