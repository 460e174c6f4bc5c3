# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The test programs, and the library that is in some of them, as 32-bit code on the 64-bit kernel.
# shellcheck source=tests/guest/tap.sh
. /tap.sh

# passes PROGRAM PARAMETERS [MODULE]: its own results, and one for all of them
passes() {
	program=$1 parameters=$2 module=${3-}
	# shellcheck disable=SC2086 # one per word
	insmod /kvstore.ko $parameters && { [ -z "$module" ] || insmod "/$module.ko"; }
	"/tests/$program" >/tmp/results
	status=$?
	sed 's/^/    /' /tmp/results
	if [ $status = 0 ]; then result "$program passes as 32-bit code" yes; else
		result "$program passes as 32-bit code" no; fi
	# shellcheck disable=SC2086
	rmmod $module kvstore
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
finish
