# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The sessions shown in README.md, on stdin, are what kvsh and a shell print
# shellcheck source=tests/guest/tap.sh
. /tap.sh
cd /tmp || exit
cat >readme

# block FENCE N: what is inside the Nth block of that kind
block() {
	awk -v fence="$1" -v wanted="$2" '
		/^```/ { inside = $0 == "```" fence; n += inside; next }
		inside && n == wanted' readme
}

# shown NAME PROMPT BLOCK COMMAND...: the lines of BLOCK without PROMPT are what COMMAND prints, given
# the lines with it
shown() {
	name=$1 prompt=$2 file=$3
	shift 3
	grep -v "^$prompt" "$file" >shown
	sed -n "s/^$prompt//p" "$file" >commands
	# Of an error at the prompt the sentence is shown; in a script, its place and line come with it
	"$@" <commands 2>&1 | sed 's/^<stdin>:[0-9]*:[0-9]*: //; /^  /d' >printed
	t "$name" 0 '' diff shown printed
	t 'and it shows something' 0 '' test -s shown
}

block console 1 >session
shown 'the first session is what kvsh does' 'kvsh> ' session kvsh --keep-going
rmmod kvstore && insmod /kvstore.ko
block shell 1 >session
shown 'the configuration is handled as shown' '[$] ' session sh
kvsh put net.bridge.mtu 1500
block console 2 >session
shown 'the transaction is refused as shown' 'kvsh> ' session kvsh
finish
