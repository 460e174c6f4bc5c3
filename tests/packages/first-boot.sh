# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# A Debian in which the packages were installed, booted for the first time: kvstore.service
cd /root || exit
# shellcheck source=tests/common/tap.sh
. ./tap.sh

of() { systemctl show -P "$1" "$2"; }
before() { [ "$(of ActiveEnterTimestampMonotonic kvstore.service)" -le "$(of InactiveExitTimestampMonotonic "$1")" ]; }
message() { journalctl -b -u kvstore.service -o cat --no-pager | grep -E "$1"; }

t 'kvstore.service has started at boot'     0 active systemctl is-active kvstore.service
t 'the files of /etc/kvstore are loaded, later ones last' 0 'net.a = 1
net.b = 2
net.key = s3cret' kvsh list
t 'private values are so'                   0 '{"key":"net.key","value":"s3cret","rev":"2","private":true}' kvsh get --json net.key
t 'the module is that of the package'       0 "$(dpkg-query -W -f '${Version}' kvstore-dkms)" cat /sys/module/kvstore/version
t 'no service orders itself into a circle'  1 '' sh -c 'journalctl -b --no-pager | grep -i "ordering cycle"'
t 'network-pre.target is waited for'        0 active systemctl is-active network-pre.target
t 'and comes after the values'              0 '' before network-pre.target
t 'so does the network'                     0 '' before systemd-networkd.service
t 'systemd-analyze finds no fault in it'    0 '' systemd-analyze verify kvstore.service
t 'the service is confined'                 0 '' sh -c 'systemd-analyze security --threshold=20 kvstore.service >security || cat security'
t 'no unit has failed'                      0 '' systemctl --failed --plain --no-legend
t 'nothing keeps a message'                 1 '' message 'cannot|denied|failed|kvsh'

# Stop and reload
t 'a stop leaves the store as it is'        0 3 sh -c 'kvsh put net.c 3 && systemctl stop kvstore && kvsh get net.c'
t 'and saves nothing, unless it is told to' 2 '' ls /var/lib/kvstore/saved.conf
t 'a start loads the files again'           0 2 sh -c 'kvsh put net.b 5 && systemctl start kvstore && kvsh get net.b'
echo 'net.d = 4' >/etc/kvstore/30-more.conf
t 'so does a reload, with new files'        0 4 sh -c 'systemctl reload kvstore && kvsh get net.d'

# Files that cannot be read
ln -s /nowhere /etc/kvstore/50-link.conf
mkfifo /etc/kvstore/60-pipe.conf
t 'a link that leads nowhere is told of'    1 '' systemctl restart kvstore
t 'by its name'                             0 'kvsh: load: cannot read /etc/kvstore/50-link.conf: No such file or directory' message 50-link
t 'so is what is no file, without waiting'  0 'kvstore.service: /etc/kvstore/60-pipe.conf is not a regular file' message 60-pipe
rm /etc/kvstore/50-link.conf /etc/kvstore/60-pipe.conf

# A file that is wrong
printf 'net.e = 1\nnet f\n' >/etc/kvstore/15-bad.conf
printf 'private net.h = hidden\\q\n' >/etc/kvstore/16-bad.conf
echo 'net.g = 7' >/etc/kvstore/40-behind.conf
t 'a start with a bad file fails'           1 '' systemctl restart kvstore
t 'and says what is wrong, and where'       0 '/etc/kvstore/15-bad.conf:2:5: there is no " = " after the key' message '^/etc/kvstore/15-bad'
t 'the journal has no private value'        1 '' message hidden
t 'nothing of that file is loaded'          3 '' kvsh get net.e
t 'the others are'                          0 7 kvsh get net.g
kvsh put net.g 'set by hand'
t 'an upgrade of a service that failed starts nothing' 0 'set by hand' sh -c '
	rm /etc/kvstore/1[56]-bad.conf; dpkg -i /root/kvstore/build/deb/kvsh_*.deb >/dev/null; kvsh get net.g'
t 'without them the start works'              0 '' systemctl restart kvstore

# An upgrade
kvsh put kept 'before the upgrade'
revision=$(kvsh info --json)
invocation=$(of InvocationID kvstore.service)
t 'the packages can be upgraded'            0 '' sh -c 'dpkg -i /root/kvstore/build/deb/kvsh_*.deb /root/kvstore/build/deb/libkv0_*.deb >upgrade 2>&1'
t 'which leaves the store as it was'        0 "$revision" kvsh info --json
t 'and the service'                         0 "$invocation" of InvocationID kvstore.service
t 'the values are there'                    0 'before the upgrade' kvsh get kept

# From other languages
t 'the client in Python puts'               0 '' python3 kvstore/examples/kv.py put python.key 'from Python'
t 'gets'                                    0 'from Python' python3 kvstore/examples/kv.py get python.key
t 'lists'                                   0 'python.key = from Python' python3 kvstore/examples/kv.py list python.
t 'and tells an error in words'             1 '' python3 kvstore/examples/kv.py get python.nothing
says_exactly 'which are the library'\''s'   'kv.py: no such key'
t 'the example in C runs with the package'  0 'kept = before the upgrade' sh -c 'timeout 5 ./follow kept; true'

# SAVE_ON_STOP
sed -i 's/^SAVE_ON_STOP=.*/SAVE_ON_STOP=true/' /etc/default/kvstore
t 'a setting that is none is refused'       1 '' systemctl restart kvstore
t 'in words'                                0 "kvstore.service: SAVE_ON_STOP in /etc/default/kvstore must be yes or no, not 'true'" message SAVE_ON_STOP

# For the second boot
sed -i 's/^SAVE_ON_STOP=.*/SAVE_ON_STOP=yes/' /etc/default/kvstore
t 'without it the start works again'        0 '' systemctl restart kvstore
kvsh put net.b 'changed at run time'
kvsh put only.saved "$(printf 'two\nlines')" 
kvsh put --private saved.key 's3cret too'
kvsh delete kept
kvsh put python.key 'and a ; $(reboot)'
finish
echo '# end'
