# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kvstore.service in the same Debian at its second boot, with SAVE_ON_STOP=yes
cd /root || exit
# shellcheck source=tests/common/tap.sh
. ./tap.sh

t 'kvstore.service starts at the second boot' 0 active systemctl is-active kvstore.service
t 'values survive the reboot'               0 'changed at run time' kvsh get net.b
t 'a value with a newline survives unchanged' 0 "$(printf 'two\nlines')" kvsh get only.saved
t 'private values are still private'        0 true sh -c 'kvsh get --json saved.key | grep -o true'
t 'a deleted key stays deleted'             3 '' kvsh get kept
t 'a key that is only in the files is there' 0 7 kvsh get net.g
t 'only root can read the saved file'       0 '600 root
700 root' stat -c '%a %U' /var/lib/kvstore/saved.conf /var/lib/kvstore
t 'the saved file has the whole store'      0 '' kvsh diff /var/lib/kvstore/saved.conf
t 'no unit has failed'                      0 '' systemctl --failed --plain --no-legend

# The saved file is not loaded if the store may have newer values.
saved=/var/lib/kvstore/saved.conf
kvsh put only.saved newer
t 'a reload loads the files'                0 2 sh -c 'systemctl reload kvstore && kvsh get net.b'
t 'a reload does not load the saved file'   0 newer kvsh get only.saved
t 'another start does not load the saved file' 0 newer sh -c "
	systemctl stop kvstore && sed -i s/newer/older/ $saved && systemctl start kvstore && kvsh get only.saved"
t 'a message says so'                       0 "kvstore.service: $saved was not loaded: the store may have newer values" sh -c '
	journalctl -b -u kvstore.service -o cat --no-pager | grep "was not loaded" | tail -n 1'

# A saved file is not replaced by an incomplete one.
echo bad >/etc/kvstore/05-bad.conf
systemctl restart kvstore 2>restarted
cp $saved saved
kvsh put later 1
t 'a stop after a failed start saves nothing' 0 '' sh -c "systemctl stop kvstore; cmp saved $saved"
rm /etc/kvstore/05-bad.conf
systemctl start kvstore
cp $saved saved
t 'the module can be reloaded'              0 '' sh -c 'modprobe -r kvstore && modprobe kvstore'
t 'a stop does not save the empty store'    0 '' sh -c "systemctl stop kvstore; cmp saved $saved"
t 'a start loads the saved file again'      0 newer sh -c 'systemctl start kvstore && kvsh get only.saved'

# The module's package
kvsh put kept 'in the kernel'
revision=$(kvsh info --json)
t 'the package of the module can be upgraded' 0 '' sh -c 'dpkg -i /root/kvstore/build/deb/kvstore-dkms_*.deb >upgrade 2>&1'
t 'the upgrade does not change the store'   0 "$revision" kvsh info --json
t 'the packages can be removed'             0 '' sh -c 'dpkg --purge kvsh libkv-dev >removed 2>&1 && dpkg --purge libkv0 kvstore-dkms >>removed 2>&1'
t 'the module stays loaded and unused'      0 0 cat /sys/module/kvstore/refcnt
t 'no file of the packages is left'         1 '' sh -c 'find /usr /etc /var/lib -xdev -name "*kvsh*" -o -xdev -name "*libkv*" -o -xdev -name "kvstore*" | grep -v "/etc/kvstore$"'
finish
echo '# end'
