# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# A shell prints the sessions shown in docs/in-kernel.md, which is on stdin
# guest: --program trace-cmd --with tests/common/blocks.sh --stdin docs/in-kernel.md
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit
ln -s /*.ko .
document=in-kernel.md
cat >$document
# shellcheck source=tests/common/blocks.sh
. /blocks.sh

number=1
while block shell $number >session && [ -s session ]; do
	shown "session $number prints the output shown" '[$] ' session sh
	number=$((number + 1))
done
t "there is at least one session" 0 "" test $number -gt 1
finish
