# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Functions that make and use a clean Debian in the folder $root, with the sources of kvstore in /root/kvstore.

# clean_debian SUITE: make the Debian
clean_debian() {
	tests/vm/debian "$1" "${root:?}" || return
	mkdir "$root/root/kvstore"
	git ls-files -z | xargs -0 tar -c | tar -xC "$root/root/kvstore"
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/yes"
}

# inside COMMAND [ARG]...: run COMMAND as root in the Debian, with a minimal environment, a new PID namespace and this
# machine's /dev
inside() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --pid --fork sh -c '
		mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmp "$0/tmp" &&
		exec chroot "$0" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"' "$root" "$@" </dev/null
}
