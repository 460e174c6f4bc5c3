# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# TAP output for scripts in the guest: source this file first, call `finish` last.

tap_count=0 tap_failed=0 stderr=''

# result NAME PASSED: print a result, which passes if PASSED is yes
result() {
	tap_count=$((tap_count + 1))
	if [ "$2" = yes ]; then
		echo "ok $tap_count - $1"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $1"
	fi
}

# t NAME STATUS STDOUT COMMAND [ARG]...: test that COMMAND exits with STATUS and prints exactly STDOUT (without
# newlines at the end). Its stderr is in $stderr afterwards.
t() {
	name=$1 wanted_status=$2 wanted=$3
	shift 3
	got=$("$@" 2>/tmp/tap.stderr)
	got_status=$?
	stderr=''
	[ ! -s /tmp/tap.stderr ] || stderr=$(cat /tmp/tap.stderr)
	if [ "$got_status" = "$wanted_status" ] && [ "$got" = "$wanted" ]; then
		result "$name" yes
		return
	fi
	result "$name" no
	printf '%s\n' "status $got_status, not $wanted_status" "stdout: $got" "wanted: $wanted" \
		"stderr: $stderr" | sed 's/^/# /'
}

# says NAME PATTERN: test that the stderr of the last t matches the extended regular expression
says() {
	if printf '%s\n' "$stderr" | grep -qE -e "$2"; then
		result "$1" yes
	else
		result "$1" no
		printf '%s\n' "stderr: $stderr" "wanted: $2" | sed 's/^/# /'
	fi
}

# says_exactly NAME MESSAGE: test that the stderr of the last t is exactly MESSAGE
says_exactly() {
	if [ "$stderr" = "$2" ]; then
		result "$1" yes
	else
		result "$1" no
		printf '%s\n' "$stderr" | sed 's/^/# /'
	fi
}

# script TEXT [OPTION]...: run TEXT, a format of printf, as a script of kvsh
script() {
	text=$1
	shift
	# shellcheck disable=SC2059 # the text is a format
	printf "$text" | kvsh "$@"
}

# Print all 256 byte values in order.
all_bytes() {
	byte=0
	while [ $byte -lt 256 ]; do
		# shellcheck disable=SC2059 # the format is the byte
		printf "\\$(printf %03o $byte)"
		byte=$((byte + 1))
	done
}

finish() {
	echo "1..$tap_count"
	[ "$tap_failed" = 0 ]
}
