# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The sessions shown in docs/in-kernel.md, on stdin, one after the other, are what a shell prints
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
	shown "session $number prints what is shown" '[$] ' session sh
	number=$((number + 1))
done
t "there are sessions" 0 "" test $number -gt 1
finish
