# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The session shown in README.md, on stdin, is what kvsh does
# shellcheck source=tests/guest/tap.sh
. /tap.sh
sed -n '/^```console/,/^```$/p' | grep -v '^```' >/tmp/session
grep -v '^kvsh> ' /tmp/session >/tmp/shown
# Of an error the session shows the sentence, a script its place and line as well
sed -n 's/^kvsh> //p' /tmp/session | kvsh --keep-going 2>&1 |
	sed 's/^<stdin>:[0-9]*:[0-9]*: //; /^  /d' >/tmp/printed
t 'the session in README.md is what kvsh does' 0 '' diff /tmp/shown /tmp/printed
t 'and there is one' 0 '' test -s /tmp/shown
finish
