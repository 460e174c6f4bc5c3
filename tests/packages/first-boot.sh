# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kvstore.service in a Debian with the packages installed, at its first boot
cd /root || exit
# shellcheck source=tests/common/tap.sh
. ./tap.sh

of() { systemctl show -P "$1" "$2"; }
before() { [ "$(of ActiveEnterTimestampMonotonic kvstore.service)" -le "$(of InactiveExitTimestampMonotonic "$1")" ]; }
message() { journalctl -b -u kvstore.service -o cat --no-pager | grep -E "$1"; }

t 'kvstore.service starts at boot'          0 active systemctl is-active kvstore.service
t 'the files of /etc/kvstore are loaded, later ones last' 0 'net.a = 1
net.b = 2
net.key = s3cret' kvsh list
t 'a value of a private line is private'    0 '{"key":"net.key","value":"s3cret","rev":"2","private":true}' kvsh get --json net.key
t 'the module is that of the package'       0 "$(dpkg-query -W -f '${Version}' kvstore-dkms)" cat /sys/module/kvstore/version
t 'systemd finds no ordering cycle'         1 '' sh -c 'journalctl -b --no-pager | grep -i "ordering cycle"'
t 'network-pre.target is active'            0 active systemctl is-active network-pre.target
t 'network-pre.target is reached after it'  0 '' before network-pre.target
t 'the network starts after it'             0 '' before systemd-networkd.service
t 'systemd-analyze finds no error in it'    0 '' systemd-analyze verify kvstore.service
t 'the service is sandboxed'                0 '' sh -c 'systemd-analyze security --threshold=20 kvstore.service >security || cat security'
t 'no unit has failed'                      0 '' systemctl --failed --plain --no-legend
t 'the journal has no error message'        1 '' message 'cannot|denied|failed|kvsh'

# Stop and reload
t 'a stop does not change the store'        0 3 sh -c 'kvsh put net.c 3 && systemctl stop kvstore && kvsh get net.c'
t 'a stop saves nothing by default'         2 '' ls /var/lib/kvstore/saved.conf
t 'a start loads the files again'           0 2 sh -c 'kvsh put net.b 5 && systemctl start kvstore && kvsh get net.b'
echo 'net.d = 4' >/etc/kvstore/30-more.conf
t 'a reload loads new files too'            0 4 sh -c 'systemctl reload kvstore && kvsh get net.d'

# Files that cannot be read
ln -s /nowhere /etc/kvstore/50-link.conf
mkfifo /etc/kvstore/60-pipe.conf
t 'a start with a broken link fails'        1 '' systemctl restart kvstore
t 'the message names the link'              0 'kvsh: load: cannot read /etc/kvstore/50-link.conf: No such file or directory' message 50-link
t 'a FIFO is reported and not waited for'   0 'kvstore.service: /etc/kvstore/60-pipe.conf is not a regular file' message 60-pipe
rm /etc/kvstore/50-link.conf /etc/kvstore/60-pipe.conf

# Invalid files
printf 'net.e = 1\nnet f\n' >/etc/kvstore/15-bad.conf
printf 'private net.h = hidden\\q\n' >/etc/kvstore/16-bad.conf
echo 'net.g = 7' >/etc/kvstore/40-behind.conf
t 'a start with an invalid file fails'      1 '' systemctl restart kvstore
t 'the message has the place and the error' 0 '/etc/kvstore/15-bad.conf:2:5: there is no " = " after the key' message '^/etc/kvstore/15-bad'
t 'the journal does not show private values' 1 '' message hidden
t 'nothing is loaded from the invalid file' 3 '' kvsh get net.e
t 'the other files are loaded'              0 7 kvsh get net.g
kvsh put net.g 'set by hand'
t 'an upgrade does not start a failed service' 0 'set by hand' sh -c '
	rm /etc/kvstore/1[56]-bad.conf; dpkg -i /root/kvstore/build/deb/kvsh_*.deb >/dev/null; kvsh get net.g'
t 'a start without the invalid files works'   0 '' systemctl restart kvstore

# An upgrade
kvsh put kept 'before the upgrade'
revision=$(kvsh info --json)
invocation=$(of InvocationID kvstore.service)
t 'the packages can be upgraded'            0 '' sh -c 'dpkg -i /root/kvstore/build/deb/kvsh_*.deb /root/kvstore/build/deb/libkv0_*.deb >upgrade 2>&1'
t 'the upgrade does not change the store'   0 "$revision" kvsh info --json
t 'the upgrade does not restart the service' 0 "$invocation" of InvocationID kvstore.service
t 'the values are still there'              0 'before the upgrade' kvsh get kept

# From other languages
t 'the Python client: put'                  0 '' python3 kvstore/examples/kv.py put python.key 'from Python'
t 'the Python client: get'                  0 'from Python' python3 kvstore/examples/kv.py get python.key
t 'the Python client: list'                 0 'python.key = from Python' python3 kvstore/examples/kv.py list python.
t 'the Python client: a failed get'         1 '' python3 kvstore/examples/kv.py get python.nothing
says_exactly 'with the message of libkv'    'kv.py: no such key'
t 'the example in C runs with the package'  0 'kept = before the upgrade' sh -c 'timeout 5 ./follow kept; true'

# SAVE_ON_STOP
sed -i 's/^SAVE_ON_STOP=.*/SAVE_ON_STOP=true/' /etc/default/kvstore
t 'an invalid setting fails the start'      1 '' systemctl restart kvstore
t 'with a message'                          0 "kvstore.service: SAVE_ON_STOP in /etc/default/kvstore must be yes or no, not 'true'" message SAVE_ON_STOP

# For the second boot
sed -i 's/^SAVE_ON_STOP=.*/SAVE_ON_STOP=yes/' /etc/default/kvstore
t 'a start with a valid setting works'      0 '' systemctl restart kvstore
kvsh put net.b 'changed at run time'
kvsh put only.saved "$(printf 'two\nlines')" 
kvsh put --private saved.key 's3cret too'
kvsh delete kept
kvsh put python.key 'and a ; $(reboot)'
finish
echo '# end'
