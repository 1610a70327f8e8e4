# SPDX-License-Identifier: MIT
# --shell, --env, --completion, and socksify alone on a terminal.
load ../../lib/helpers

X=(-x socks5://192.0.2.1) # nothing connects to this

# terminal COMMAND...: run it on a terminal of its own, with what stands on standard input typed; the output has no carriage returns.
terminal() {
	python3 - "$@" <<'END'
import os, pty, sys
typed = os.environ.get("TYPED", "")
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
out = b""
for line in typed.encode().splitlines(True):
    os.write(fd, line)
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    out += data
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.write(out.decode(errors="replace").replace("\r", ""))
sys.exit(status)
END
}

@test "--shell starts a shell in which everything is proxied; its prompt shows it, and exit leaves it" {
	proxy
	for shell in bash zsh dash fish; do
		path=$(command -v $shell) || continue
		TYPED=$'echo is $LD_PRELOAD\nexit 7\n' run -7 terminal nsenter -t "$CLIENT" -n -m --wdns="$PWD" env TERM=dumb "SHELL=$path" "$SOCKSIFY" "${X[@]}" --shell
		assert_output --partial "is $LIBRARY"
		assert_output --partial '(socksify) '
	done
}

@test "--shell: the user's own start file is read" {
	echo 'alias mine="echo was read"; PS1="own> "' >"$HOME/.bashrc"
	TYPED=$'mine\nexit\n' run -0 terminal nsenter -t "$CLIENT" -n -m --wdns="$PWD" env TERM=dumb SHELL=/bin/bash "$SOCKSIFY" "${X[@]}" --shell
	assert_output --partial 'was read'
	assert_output --partial '(socksify) own> '
}

@test "--env prints what a shell evaluates; what it starts is then proxied" {
	proxy
	for shell in sh bash zsh; do
		command -v $shell >/dev/null || continue
		run -0 client $shell -c 'eval "$("$1" -x "$2" --env "$3")"; curl -sS http://secret.test/' - "$SOCKSIFY" "socks5h://a'b%20c:p\$x@$PROXY" $shell
		assert_output 'reached secret.test'
	done
	command -v fish >/dev/null || return 0
	# shellcheck disable=SC1003
	run -0 client fish -c '"'"$SOCKSIFY"'" -x "socks5h://a\'"'"'b:p@'"$PROXY"'" --env fish | source; curl -sS http://secret.test/'
	assert_output 'reached secret.test'
}

@test "--env takes ALL_PROXY and its kin out; a shell that it does not know is an error" {
	run -0 client env ALL_PROXY=socks5://192.0.2.9 http_proxy=x "$SOCKSIFY" "${X[@]}" --env bash
	assert_line "export SOCKSIFY_PROXY='socks5://192.0.2.1';"
	assert_line 'unset ALL_PROXY;'
	assert_line 'unset http_proxy;'
	run -0 client env SHELL=/usr/bin/fish "$SOCKSIFY" "${X[@]}" --env
	assert_line "set -gx SOCKSIFY_PROXY 'socks5://192.0.2.1';"
	run -125 client "$SOCKSIFY" "${X[@]}" --env powershell
	assert_output "socksify: '--env' knows no shell 'powershell': sh, bash, zsh, fish and csh were meant"
}

@test "alone on a terminal socksify prints its help, at most a screen, and one line of state; elsewhere it is bad usage" {
	run -0 terminal nsenter -t "$CLIENT" -n -m --wdns="$PWD" "$SOCKSIFY"
	assert_line --partial 'usage: socksify'
	assert_line 'now: no configuration; -x URL gives a proxy'
	(umask 077; printf '[proxy office]\nurl = socks5://u:SECRET@192.0.2.1\n' >"$HOME/.socksify.ini")
	run -0 terminal nsenter -t "$CLIENT" -n -m --wdns="$PWD" "$SOCKSIFY"
	assert_line "now: proxy office: socks5://u@192.0.2.1:1080 ($HOME/.socksify.ini)"
	echo nonsense >"$HOME/.socksify.ini"
	run -0 terminal nsenter -t "$CLIENT" -n -m --wdns="$PWD" "$SOCKSIFY"
	assert_line "now: $HOME/.socksify.ini has mistakes, which any command shows"
	run -125 client "$SOCKSIFY"
}

@test "--help is a screen at most, of 80 columns, and promises nothing" {
	run -0 client "$SOCKSIFY" --help
	assert [ "${#lines[@]}" -le 28 ]
	for line in "${lines[@]}"; do assert [ "${#line}" -le 80 ]; done
	refute_output --partial 'not yet'
}

named() {
	config <<-END
		[socksify]
		chain = office
		[proxy office]
		url = socks5://192.0.2.1
		[chain offshore]
		hops = office
	END
}

# typed LINE: what an interactive bash has on its line once LINE and a TAB were typed -> $output
typed() {
	run -0 client python3 - "$BUILD/bin" "$1" <<'END'
import os, pty, re, sys
path, line = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(PATH=path + ":" + os.environ["PATH"], TERM="dumb", PS1="")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
def until(text):
    out = b""
    while text not in out:
        out += os.read(fd, 65536)
    return out
os.write(fd, b'source <(socksify --completion bash); bind "set completion-query-items 0"; bind "set bell-style none"; stty -echo; echo re""ady\n')
until(b"ready")
os.write(fd, b'show() { echo "<<$READLINE_LINE>>"; READLINE_LINE=; }; bind -x "\\"\\C-o\\":show"; echo re""ady\n')
until(b"ready\r")
os.write(fd, line.encode() + b"\t\x0f")
print(re.search(rb"<<(.*?)>>", until(b">>"), re.S).group(1).decode())
os.close(fd)
END
}

@test "completion in bash: options, chains and proxies, keys and their words, files, commands" {
	named
	cd "${CONFIG%/*}"
	typed 'socksify --chec'; assert_output 'socksify --check '
	typed "socksify -f $CONFIG -c offi"; assert_output "socksify -f $CONFIG -c office "
	typed "socksify -f $CONFIG --check offs"; assert_output "socksify -f $CONFIG --check offshore "
	typed "socksify -f $CONFIG --chain=offi"; assert_output "socksify -f $CONFIG --chain=office "
	typed "socksify -f $CONFIG -r *.lan=offi"; assert_output "socksify -f $CONFIG -r *.lan=office "
	typed "socksify -f $CONFIG -r '*.lan=offi"; assert_output "socksify -f $CONFIG -r '*.lan=office' "
	typed 'socksify -f socksif'; assert_output 'socksify -f socksify.ini '
	typed 'socksify -o hop_'; assert_output 'socksify -o hop_timeout='
	typed 'socksify -o dns=sys'; assert_output 'socksify -o dns=system '
	typed 'socksify --guard requ'; assert_output 'socksify --guard require '
	typed 'socksify --env fis'; assert_output 'socksify --env fish '
	typed 'socksify busybo'; assert_output 'socksify busybox '
	typed 'socksify -x socks5://h:1 -o dns=tcp busybo'; assert_output 'socksify -x socks5://h:1 -o dns=tcp busybox '
	typed 'socksify -x socks5://h -- busybo'; assert_output 'socksify -x socks5://h -- busybox '
	typed 'socksify -x socks5://h cat socksif'; assert_output 'socksify -x socks5://h cat socksify.ini '
}

@test "each option is completed in each shell, and each is what --completion has from the table" {
	local option
	for option in $(client "$SOCKSIFY" --completion bash | grep -oE -- '--[a-z][a-z-]+' | sort -u); do
		[ "$option" != --execute ] || continue
		for shell in bash zsh fish; do
			client "$SOCKSIFY" --completion $shell | grep -qE -- "(--|-l )${option#--}\b" || fail "$shell has no $option"
		done
	done
}

@test "completion in fish: options, chains and proxies, keys, the command's own" {
	command -v fish >/dev/null || skip 'no fish'
	named
	words() { run -0 client fish -c 'source ('"$SOCKSIFY"' --completion fish | psub); complete -C "'"$*"'"'; }
	PATH=$BUILD/bin:$PATH
	words socksify --che; assert_output --regexp '^--check'
	words socksify -f "$CONFIG" -c off; assert_output --regexp $'^office\t.*\noffshore\t[^\n]*$'
	words socksify -o hop_; assert_output --regexp ^hop_timeout=
	words socksify -o dns=sys; assert_output --regexp ^dns=system
	words socksify -f "$CONFIG" -r '*.lan=offi'; assert_output --regexp '^[*].lan=office'
	words socksify -x socks5://h busyb; assert_line --regexp ^busybox
}

@test "completion in zsh: options, chains and proxies, keys, commands" {
	command -v zsh >/dev/null || skip 'no zsh'
	named
	PATH=$BUILD/bin:$PATH
	client socksify --completion zsh >"$BATS_TEST_TMPDIR/_socksify"
	# words LINE: what the line becomes behind a TAB
	words() {
		run -0 client zsh -f -c '
			zmodload zsh/zpty
			zpty z zsh -f -i
			zpty -w z "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; PROMPT=; show() { print -r -- \"<<\$BUFFER>>\"; BUFFER= }; zle -N show; bindkey \"^X\" show; bindkey \"^I\" complete-word; print rea\"dy\""
			zpty -r z line "*ready*"
			zpty -n -w z "$2"$'"'\\t\\x18'"'
			zpty -r z line "*<<*>>*"
			print -r -- "${${line##*<<}%%>>*}"' - "$BATS_TEST_TMPDIR" "$*"
	}
	words socksify --che; assert_output 'socksify --check '
	words socksify -f "$CONFIG" -c offi; assert_output "socksify -f $CONFIG -c office "
	words socksify -o hop_; assert_output 'socksify -o hop_timeout='
	words socksify -o dns=sys; assert_output 'socksify -o dns=system '
	words socksify -f "$CONFIG" -r '*.lan=offi'; assert_output "socksify -f $CONFIG -r *.lan=office "
	words socksify -x socks5://h busyb; assert_output 'socksify -x socks5://h busybox '
}
