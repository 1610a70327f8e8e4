# SPDX-License-Identifier: MIT
# examples: what the manuals and the README show, run as it stands there.
# shellcheck shell=bash disable=SC2154
#
# An example is a block of a Markdown file that begins with ```console run, or of a manual behind a comment `.\" run`. In it
#   $ cat FILE        is followed by what is put into FILE,
#   $ COMMAND         by what that prints, "..." standing for anything; nothing, if it is not shown;
#   $ COMMAND &       by the line that it says when it is ready; it goes on until the test ends;
#   (socksify) $ ...  is typed into the shell that the command above starts.
# The commands are run at home, among the places of example_places.

# blocks FILE DIRECTORY: write each example of FILE to a file of its own.
blocks() {
	mkdir -p "$2"
	awk -v to="$2" '
		function begin() { name = sprintf("%s/%02d:%d", to, ++n, FNR); on = 1; printf "" >name }
		/^ *```console run$/ || (marked && /^\.(Bd|nf)/) { begin(); marked = 0; next }
		/^ *```$/ || /^\.(Ed|fi)/ { on = 0 }
		/^\.\\" run$/ { marked = 1 }
		on { sub(/^ +\$/, "$"); print >name }' "$1"
	case $1 in
	*.[1-9]) [ -z "$(ls "$2")" ] || sed -i 's/\\-/-/g; s/\\(aq/'\''/g; s/\\(dq/"/g; s/\\(ti/~/g; s/\\(rs/\\/g; s/\\e/\\/g; s/\\&//g' "$2"/* ;;
	esac
}

# The client's side has a proxy of its own and Tor's port, both on loopback, and gw.example.com, with a SOCKS5 and an HTTP proxy; behind
# these are exit.example.net, which is one, too, and the places that only proxies know.
example_places() {
	local known=(--tor --binds) name
	for name in example.com example.org intranet www.corp.example.com name-only-the-proxy-knows; do known+=(--resolve "$name=$2"); done
	export PLACES=$BATS_FILE_TMPDIR/hosts
	printf '%s\n' '127.0.0.1 localhost' "$GATE gw.example.com" >"$PLACES"
	started client "$T/proxy" "${known[@]/$2/127.0.0.1}" 127.0.0.1:1080
	started client "$T/proxy" "${known[@]/$2/127.0.0.1}" 127.0.0.1:9050
	started client "$T/proxy" "${known[@]/$2/127.0.0.1}" /run/proxy.sock
	started client "$T/destination" http 127.0.0.1:80
	for name in "$GATE:1080" "$GATE:3128" "$FAR:1080"; do
		started "$T/proxy" "${known[@]}" --resolve "exit.example.net=$FAR" --resolve "gw.example.com=$GATE" "$name"
	done
	started "$T/proxy" "${known[@]}" --user alice --password secret "$GATE:1081"
}

at_place() { client_with "$PLACES" /etc/hosts env "PATH=$BUILD/bin:$PATH" "$@"; }

# put_example FILE TEXT
put_example() {
	local file=${1/#\~/$HOME}
	[[ $file == /* ]] || file=$HOME/$file
	(umask 077 && mkdir -p "${file%/*}" && printf '%s' "$2" >"$file")
}

# plain: what is told of a place or a time is put as the manuals put it; columns are as wide as they need be.
plain() { sed -E "s|$HOME/|/home/alice/|g; s/-[0-9.]+ ms-/-... ms-/g; s/^ +//; s/  +/  /g"; }

# looks_like PRINTED SHOWN: they are the same but for what "..." stands for (any lines, none too, if it has one to itself).
looks_like() {
	local pattern
	pattern=$(plain <<<"$2" | sed -E 's/[][\\*?()|]/\\&/g; s/\.\.\./*/g')
	pattern=${pattern//$'\n*\n'/$'*\n'}
	pattern=${pattern/%$'\n*'/*}
	# shellcheck disable=SC2053
	[[ $(plain <<<"$1") == $pattern ]]
}

# done_as_shown COMMAND PRINTED: one step of the example $EXAMPLE.
done_as_shown() {
	local command=${1//'$PWD/build'/$BUILD} shown=$2 typed
	case $command in
	'cat '*) put_example "${command#cat }" "$shown"; return ;;
	*' &') started at_place bash -c "cd; exec ${command% &} 2>&1"; output=$SAID typed='' ;;
	*) typed=$(sed -n 's/^(socksify) \$ //p' <<<"$shown")
		run at_place bash -c "cd ${EXAMPLE_HOME-}; $command" <<<"$typed"
		[ "$status" = 0 ] || fail "$EXAMPLE: '$command' ended with $status: $output" ;;
	esac
	shown=$(grep -v '^(socksify) \$ ' <<<"$shown" || true)
	[ -z "$shown" ] || looks_like "$output" "$shown" ||
		fail "$EXAMPLE: '$command' printed"$'\n'"$output"$'\n'"but this is shown:"$'\n'"$shown"
}

# run_example FILE: do what it shows, from its first line to its last.
run_example() {
	local line command='' shown=''
	EXAMPLE=${1##*/}
	while IFS= read -r line; do
		case $line in
		'$ '*)
			[ -z "$command" ] || done_as_shown "$command" "$shown"
			command=${line#'$ '} shown=''
			;;
		'> '*) command+=$'\n'${line#'> '} ;;
		*) shown+=$line$'\n' ;;
		esac
	done <"$1"
	[ -z "$command" ] || done_as_shown "$command" "$shown"
}
