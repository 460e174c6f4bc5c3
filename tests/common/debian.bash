# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A clean Debian in the folder $root, with the sources in /root/kvstore, for scripts on this machine.

# clean_debian SUITE: make it
clean_debian() {
	tests/vm/debian "$1" "${root:?}" || return
	mkdir "$root/root/kvstore"
	git ls-files -z | xargs -0 tar -c | tar -xC "$root/root/kvstore"
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/yes"
}

# inside COMMAND [ARG]...: with the Debian as /, as root with an empty environment; /proc and /dev are this machine's
inside() {
	# shellcheck disable=SC2016 # expanded in there
	unshare --mount --pid --fork sh -c '
		mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmp "$0/tmp" &&
		exec chroot "$0" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"' "$root" "$@" </dev/null
}
