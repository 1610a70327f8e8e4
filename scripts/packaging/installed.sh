#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # called by says
# installed: what the packages in a folder do where nothing else is: scripts/packaging/installed.sh FOLDER     by scripts/packages.sh, in a Debian
# that is thrown away
#   FOLDER/socksify_*.deb, FOLDER/source, which it was built of, FOLDER/rpm and FOLDER/arch, what those packages hold
set -u
cd "$(dirname "$0")" || exit
folder=$1
export DEBIAN_FRONTEND=noninteractive
failed=0

# says PROMISE COMMAND...: one test: the command succeeds, else all that it printed is told.
says() {
	local promise=$1 out
	shift
	if out=$("$@" 2>&1); then
		echo "ok $promise"
	else
		failed=1
		printf 'not ok %s\n# %s\n' "$promise" "${out//$'\n'/$'\n# '}"
	fi
}

quick_start() { debian/tests/quick-start; }
as_user() { setpriv --reuid=1234 --regid=1234 --clear-groups env HOME=/tmp debian/tests/quick-start; }
ours() {
	find / \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /run -o -path /var -o -path /socksify -o -path "$folder" \) -prune \
		-o -name '*socksify*' -print
}
gone() { [ -z "$(ours)" ] || { ours; false; }; }

install() { apt-get -qq update && apt-get -qq install --no-install-recommends "$folder"/socksify_*.deb curl man-db microsocks python3; }
tests() { apt-get -qq install --no-install-recommends autopkgtest && autopkgtest "$folder"/socksify_*.deb "$folder/source" -- null; }
completed() {
	apt-get -qq install --no-install-recommends bash-completion zsh fish || return
	bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader socksify; complete -p socksify' &&
		zsh -f -c 'autoload -Uz compinit; compinit -u -D; [ "${_comps[socksify]}" = _socksify ]' &&
		fish -c 'complete -C "socksify --chec"' | grep -q '^--check'
}
# Both have a /usr/bin/socksify.
gives_way() { apt-get -s install dante-client | grep -q '^Remv socksify'; }
remove() { dpkg --purge socksify && gone; }

# unpacked KIND: what another system's package manager would have put there.
unpacked() { cp -a "$folder/$1/." /; }
# Its own libraries' folder is where this system does not look.
unpacked_arch() {
	local there
	unpacked arch
	there=/usr/lib/$(gcc -print-multiarch)/socksify
	[ -e "$there" ] || ln -s /usr/lib/socksify "$there"
}
taken_away() { ours | xargs -d '\n' rm -rf; gone; }

printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
[ -e /etc/hosts ] || echo '127.0.0.1 localhost' >/etc/hosts

says 'the Debian package can be installed where nothing else is' install
says 'the quick start works' quick_start
says 'the quick start works for an ordinary user' as_user
says 'the tests of the Debian package pass' tests
says 'bash, zsh and fish complete its options' completed
says 'dante-client takes its place' gives_way
says 'removed, it leaves nothing behind' remove
says 'the RPM package can be unpacked' unpacked rpm
says 'the quick start works with the RPM package' quick_start
says 'all that the RPM package holds bears the name' taken_away
says 'the Arch package can be unpacked' unpacked_arch
says 'the quick start works with the Arch package' quick_start
exit $failed
