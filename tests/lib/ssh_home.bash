# SPDX-License-Identifier: MIT
# ssh_home: an sshd at the gate, and the client's user, who can log in there by names of ~/.ssh/config.
# shellcheck shell=bash disable=SC2154

# ssh_home: gw is the gate; inner the destination's place by way of gw; bare the gate without its port; locked the gate, with another key
# before the usual one, $SSH_KEY.locked, if there is that -> $SSH_CONFIG
ssh_home() {
	local home=$WORLD/user
	sshd_server
	export SSH_PORT SSH_KEY SSH_CONFIG=$home/.ssh/config
	mkdir -m 700 "$home" "$home/.ssh"
	cat >"$SSH_CONFIG" <<-END
		Host gw
			HostName $GATE
			Port $SSH_PORT
		Host inner
			HostName $FAR
			Port $SSH_PORT
			ProxyJump gw
		Host bare
			HostName $GATE
		Host locked
			HostName $GATE
			Port $SSH_PORT
			IdentityFile $SSH_KEY.locked
		Host *
			IdentityFile $SSH_KEY
			IdentitiesOnly yes
			IdentityAgent none
			StrictHostKeyChecking no
			UserKnownHostsFile /dev/null
			GlobalKnownHostsFile /dev/null
			LogLevel ERROR
	END
	# ssh takes the home from here, whatever HOME is
	awk -F: -v OFS=: -v user="$(id -un)" -v home="$home" '$1 == user { $6 = home } { print }' "$WORLD/passwd" >"$WORLD/client-passwd"
	at_client mount --bind "$WORLD/client-passwd" /etc/passwd
}
