# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The same Debian after a reboot, with SAVE_ON_STOP=yes
cd /root || exit
# shellcheck source=tests/guest/tap.sh
. ./tap.sh

t 'kvstore.service has started again'       0 active systemctl is-active kvstore.service
t 'values have survived the reboot'         0 'changed at run time' kvsh get net.b
t 'to the last byte'                        0 "$(printf 'two\nlines')" kvsh get only.saved
t 'private ones are so'                     0 true sh -c 'kvsh get --json saved.key | grep -o true'
t 'what was deleted is not back'            3 '' kvsh get kept
t 'what only the files have is there'       0 7 kvsh get net.g
t 'nobody else can read what was saved'     0 '600 root
700 root' stat -c '%a %U' /var/lib/kvstore/saved.conf /var/lib/kvstore
t 'it holds the whole store'                0 '' kvsh diff /var/lib/kvstore/saved.conf
t 'no unit has failed'                      0 '' systemctl --failed --plain --no-legend

# A save that fails leaves the old file
cp /var/lib/kvstore/saved.conf saved
t 'a start that failed saves nothing'       0 '' sh -c '
	echo bad >/etc/kvstore/05-bad.conf; systemctl restart kvstore 2>/dev/null; kvsh put later 1
	systemctl stop kvstore; rm /etc/kvstore/05-bad.conf; cmp saved /var/lib/kvstore/saved.conf'
systemctl start kvstore

# The module's package
kvsh put kept 'in the kernel'
revision=$(kvsh info --json)
t 'the module'\''s package can be upgraded' 0 '' sh -c 'dpkg -i /root/kvstore/build/deb/kvstore-dkms_*.deb >upgrade 2>&1'
t 'which leaves the store as it was'        0 "$revision" kvsh info --json
t 'the packages can be removed'             0 '' sh -c 'dpkg --purge kvsh libkv-dev >removed 2>&1 && dpkg --purge libkv0 kvstore-dkms >>removed 2>&1'
t 'the store is there to the end'           0 0 cat /sys/module/kvstore/refcnt
t 'and no file of theirs'                   1 '' sh -c 'find /usr /etc /var/lib -xdev -name "*kvsh*" -o -xdev -name "*libkv*" -o -xdev -name "kvstore*" | grep -v "/etc/kvstore$"'
finish
echo '# end'
