# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The same Debian after a reboot, with SAVE_ON_STOP=yes
cd /root || exit
# shellcheck source=tests/common/tap.sh
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

# What is in the store may be newer than what was saved: it stays
saved=/var/lib/kvstore/saved.conf
kvsh put only.saved newer
t 'a reload loads the files'                0 2 sh -c 'systemctl reload kvstore && kvsh get net.b'
t 'and not what was saved'                  0 newer kvsh get only.saved
t 'nor does another start' 0 newer sh -c "
	systemctl stop kvstore && sed -i s/newer/older/ $saved && systemctl start kvstore && kvsh get only.saved"
t 'which is told'                           0 "kvstore.service: $saved was not loaded: the store may have newer values" sh -c '
	journalctl -b -u kvstore.service -o cat --no-pager | grep "was not loaded" | tail -n 1'

# A good file is not replaced by a bad one
echo bad >/etc/kvstore/05-bad.conf
systemctl restart kvstore 2>restarted
cp $saved saved
kvsh put later 1
t 'a start that failed saves nothing'       0 '' sh -c "systemctl stop kvstore; cmp saved $saved"
rm /etc/kvstore/05-bad.conf
systemctl start kvstore
cp $saved saved
t 'the module can be loaded anew'           0 '' sh -c 'modprobe -r kvstore && modprobe kvstore'
t 'an empty store is not saved then'        0 '' sh -c "systemctl stop kvstore; cmp saved $saved"
t 'and a start loads what was saved before' 0 newer sh -c 'systemctl start kvstore && kvsh get only.saved'

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
