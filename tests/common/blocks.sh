# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The sessions that a document shows, done again: document=FILE and `. /blocks.sh`, after /tap.sh.

# block FENCE N: what is inside the Nth block of that kind
block() {
	awk -v fence="$1" -v wanted="$2" '
		/^```/ { inside = $0 == "```" fence; n += inside; next }
		inside && n == wanted' "${document:?}"
}

# Of an error at kvsh's prompt the sentence is shown; in a script, its place and line come with it
sentences() { sed 's/^<stdin>:[0-9]*:[0-9]*: //; /^  /d'; }

# What is another one in each run: process, processor, time, a namespace's number, and the revision of
# an event, since modules write too
same() {
	sed -E 's/^ *([^ ]+)-[0-9]+ +\[[0-9]{3}\]( +[^ ]{4,5})? +[0-9]+\.[0-9]+: +/\1: /
		s/^\[ *[0-9]+\.[0-9]+\] //
		s/netns([= ])[0-9]+/netns\1N/; s/ rev=[0-9]+/ rev=N/'
}

# shown NAME PROMPT BLOCK COMMAND...: the lines of BLOCK without PROMPT are what COMMAND prints, given
# the lines with it
shown() {
	name=$1 prompt=$2 file=$3 filter=cat
	shift 3
	[ "$prompt" != 'kvsh> ' ] || filter=sentences
	grep -v "^$prompt" "$file" | same >shown
	sed -n "s/^$prompt//p" "$file" >commands
	"$@" <commands 2>&1 | $filter | same >printed
	t "$name" 0 '' diff shown printed
	t 'and it shows something' 0 '' test -s shown
}
