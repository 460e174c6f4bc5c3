# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Run kvsh, the test programs and libkv as 32-bit code on the 64-bit kernel.
# guest: --no-module --here '32-bit programs are built for i686 only'
# guest: --with build/for-i686/tests --with build/for-i686/kvsh
# guest: --with tests/kvsh/commands.sh --with tests/kvsh/script.sh --with tests/kvsh/txn.sh
# guest: --with tests/kvsh/config.sh --with tests/kvsh/watch.sh --with tests/kvsh/describe.sh
# shellcheck source=tests/common/tap.sh
. /tap.sh
cp /kvsh /bin/kvsh

# passes NAME PARAMETERS [MODULE]: run a test program or a test of kvsh; report one result for it
passes() {
	name=$1 parameters=$2 module=${3-}
	# shellcheck disable=SC2086 # one parameter per word
	insmod /kvstore.ko $parameters && { [ -z "$module" ] || insmod "/$module.ko"; }
	if [ -e "/$name.sh" ]; then set -- sh "/$name.sh"; else set -- "/tests/$name"; fi
	"$@" >/tmp/results
	status=$?
	sed 's/^/    /' /tmp/results
	if [ $status = 0 ]; then result "$name passes as 32-bit code" yes; else
		result "$name passes as 32-bit code" no; fi
	for module in demo portguard kvstore; do
		[ ! -e /sys/module/$module ] || rmmod $module
	done
}

passes wire-malformed ''
passes lib-replies ''
passes wire-commands ''
passes wire-list ''
passes wire-txn ''
passes wire-userfaultfd ''
passes wire-sockets ''
passes wire-seal ''
passes wire-snapshot ''
passes stress-promises ''
passes wire-limits 'buckets=1 max_entries=8 max_bytes=300'
passes wire-watch 'log_entries=64 max_watches=4'
passes wire-describe '' demo
passes lib-calls ''
passes lib-declared '' demo
passes lib-cache 'max_watches=4' portguard
# Tests of kvsh
passes commands ''
passes script ''
passes txn ''
passes config ''
passes watch 'log_entries=8 max_watches=4'
passes describe ''
finish
