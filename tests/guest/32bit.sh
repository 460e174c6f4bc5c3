# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kvsh, the test programs, and the library that is in some of them, as 32-bit code on the 64-bit kernel.
# shellcheck source=tests/guest/tap.sh
. /tap.sh
cp /kvsh /bin/kvsh

# passes NAME PARAMETERS [MODULE]: the results of a program, or of a test of kvsh, and one for all of them
passes() {
	name=$1 parameters=$2 module=${3-}
	# shellcheck disable=SC2086 # one per word
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

passes malformed ''
passes replies ''
passes commands ''
passes listing ''
passes transactions ''
passes changing ''
passes sockets ''
passes sealed ''
passes whole ''
passes promises ''
passes limits 'buckets=1 max_entries=8 max_bytes=300'
passes watching 'log_entries=64 max_watches=4'
passes describing '' demo
passes library ''
passes library-declared '' demo
passes cache 'max_watches=4' portguard
# Of kvsh
passes kvsh ''
passes script ''
passes txn ''
passes config ''
passes watch 'log_entries=8 max_watches=4'
passes describe ''
finish
