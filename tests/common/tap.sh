# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Test results as prove(1) reads them, for scripts in the guest: `. /tap.sh` first, `finish` last.

tap_count=0 tap_failed=0 stderr=''

# result NAME PASSED
result() {
	tap_count=$((tap_count + 1))
	if [ "$2" = yes ]; then
		echo "ok $tap_count - $1"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $1"
	fi
}

# t NAME STATUS STDOUT COMMAND [ARG]...: COMMAND ends with STATUS and prints exactly STDOUT (but for
# the newline at its end). What it says on stderr is in $stderr afterwards.
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

# says NAME PATTERN: what the last command of t said on stderr matches the extended regular expression.
says() {
	if printf '%s\n' "$stderr" | grep -qE -e "$2"; then
		result "$1" yes
	else
		result "$1" no
		printf '%s\n' "stderr: $stderr" "wanted: $2" | sed 's/^/# /'
	fi
}

# says_exactly NAME MESSAGE: it said this and nothing else.
says_exactly() {
	if [ "$stderr" = "$2" ]; then
		result "$1" yes
	else
		result "$1" no
		printf '%s\n' "$stderr" | sed 's/^/# /'
	fi
}

# script TEXT [OPTION]...: run the text (with printf's escapes) as a script of kvsh
script() {
	text=$1
	shift
	# shellcheck disable=SC2059 # the text is a format
	printf "$text" | kvsh "$@"
}

# The 256 bytes, in order.
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
