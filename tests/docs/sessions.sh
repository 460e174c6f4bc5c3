# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kvsh and a shell print the sessions shown in docs/sessions.md, which is on stdin
# guest: --with tests/common/blocks.sh --stdin docs/sessions.md
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit
document=sessions.md
cat >$document
# shellcheck source=tests/common/blocks.sh
. /blocks.sh

block console 1 >session
shown 'kvsh prints the first session as shown' 'kvsh> ' session kvsh --keep-going
block shell 1 >session
shown 'a script stops at its first error as shown' '[$] ' session sh
rmmod kvstore && insmod /kvstore.ko
block shell 2 >session
shown 'the configuration commands print the output shown' '[$] ' session sh
kvsh put net.bridge.mtu 1500
block console 2 >session
shown 'the transaction is refused as shown' 'kvsh> ' session kvsh
finish
