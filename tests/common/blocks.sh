# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Replay the sessions shown in a document. Source this file after /tap.sh, and set document=FILE.

# block FENCE N: print the content of the Nth block fenced with ```FENCE
block() {
	awk -v fence="$1" -v wanted="$2" '
		/^```/ { inside = $0 == "```" fence; n += inside; next }
		inside && n == wanted' "${document:?}"
}

# Remove the place and the quoted line from error messages: kvsh prints them in a script, but not at the prompt.
sentences() { sed 's/^<stdin>:[0-9]*:[0-9]*: //; /^  /d'; }

# Replace what differs between runs: process, processor, time, the number of a network namespace, and the revision
# of an event, as modules write too.
normalize() {
	sed -E 's/^ *([^ ]+)-[0-9]+ +\[[0-9]{3}\]( +[^ ]{4,5})? +[0-9]+\.[0-9]+: +/\1: /
		s/^\[ *[0-9]+\.[0-9]+\] //
		s/netns([= ])[0-9]+/netns\1N/; s/ rev=[0-9]+/ rev=N/'
}

# shown NAME PROMPT BLOCK COMMAND...: test that COMMAND prints the other lines of BLOCK when it reads the lines that
# begin with PROMPT
shown() {
	name=$1 prompt=$2 file=$3 filter=cat
	shift 3
	[ "$prompt" != 'kvsh> ' ] || filter=sentences
	grep -v "^$prompt" "$file" | normalize >shown
	sed -n "s/^$prompt//p" "$file" >commands
	"$@" <commands 2>&1 | $filter | normalize >printed
	t "$name" 0 '' diff shown printed
	t 'the output shown is not empty' 0 '' test -s shown
}
