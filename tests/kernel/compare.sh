# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# portguard's settings by kvstore, by sysctl and by generic netlink, which docs/in-kernel.md compares
# guest: --here 'guardctl is linked with libraries of this machine'
# shellcheck source=tests/common/tap.sh
. /tap.sh

# kvstore
insmod /portguard.ko
t 'kvstore: settings are put in one transaction' 0 '' \
	script 'put portguard.mode reject\nput portguard.ports 7,9\nput portguard.log_ratelimit 5\n' --atomic
t 'list prints them'              0 'portguard.log_ratelimit = 5
portguard.mode = reject
portguard.ports = 7,9'            kvsh list portguard.
t 'an invalid port is refused'    1 '' kvsh put portguard.ports 7,70000
t 'a transaction with an invalid port is refused' 1 '' script 'put portguard.mode drop\nput portguard.ports x\n' --atomic
t 'no setting has changed'        0 'reject
7,9'                              script 'get portguard.mode\nget portguard.ports\n'
t 'a statistic can be read'       0 0  kvsh get portguard.dropped
rmmod portguard

# sysctl
insmod /compare_sysctl.ko
cd /proc/sys/net/portguard || exit
# write VALUE FILE
write() { echo "$1" >"$2"; }
t 'sysctl: settings have their defaults' 0 '1
drop

0
0
0' cat enabled mode ports log_ratelimit dropped rejected
t 'settings are written one at a time' 0 '' \
	sh -c 'echo 0 >enabled && echo reject >mode && echo 7,9,6000-6063 >ports && echo 5 >log_ratelimit'
t 'cat prints them'               0 '0
reject
7,9,6000-6063
5'                                cat enabled mode ports log_ratelimit
t 'sysctl(8) sets and reads one'  0 'net.portguard.mode = drop' \
	sh -c 'sysctl -qw net.portguard.mode=drop && sysctl net.portguard.mode'
t 'an invalid port is refused'    1 '' write 7,70000 ports
says 'the error is EINVAL'        'Invalid argument'
t 'an invalid mode is refused'    1 '' write log mode
t 'a mode with trailing characters is refused' 1 '' write drop-----------------------------------------x mode
t 'a number out of range is refused' 1 '' write 1001 log_ratelimit
t 'a switch out of range is refused' 1 '' write 2 enabled
t 'writing a statistic is refused' 1 '' write 1 dropped
t 'no setting has changed'        0 '0
drop
7,9,6000-6063
5
0'                                cat enabled mode ports log_ratelimit dropped
t 'an empty list of ports is valid' 0 '' sh -c 'echo >ports && cat ports'
t 'another namespace has its own settings' 0 drop unshare -n sh -c \
	'echo 9 >/proc/sys/net/portguard/ports && cat /proc/sys/net/portguard/mode'
t 'a write there does not change a setting here' 0 '' cat ports
t 'an unprivileged user may read' 0 drop su -s /bin/sh nobody -c 'cat /proc/sys/net/portguard/mode'
t 'an unprivileged user may not write' 1 '' su -s /bin/sh nobody -c 'echo drop >/proc/sys/net/portguard/mode'
cd / || exit
t 'the module can be unloaded'    0 '' rmmod compare_sysctl

# Generic netlink
insmod /compare_genetlink.ko
t 'generic netlink: settings have their defaults' 0 'enabled = 1
mode = drop
ports = 
log_ratelimit = 0
dropped = 0
rejected = 0'                     guardctl get
t 'several settings are set at once' 0 '' guardctl set enabled=0 mode=reject ports=7,9,6000-6063 log_ratelimit=5
t 'get prints them'               0 'enabled = 0
mode = reject
ports = 7,9,6000-6063
log_ratelimit = 5
dropped = 0
rejected = 0'                     guardctl get
t 'one setting is set'            0 '' guardctl set enabled=1
t 'an invalid port is refused'    1 '' guardctl set mode=drop ports=7,70000
says_exactly 'the error has a reason' 'guardctl: ports: must be ports and ranges of ports, such as 7,9,6000-6063'
t 'a number out of range is refused' 1 '' guardctl set mode=drop log_ratelimit=1001
says_exactly 'the error has the kernel'\''s own reason' 'guardctl: log_ratelimit: integer out of range'
t 'a switch out of range is refused' 1 '' guardctl set enabled=2
t 'an invalid mode is refused'    1 '' guardctl set mode=log
t 'setting a statistic is refused' 1 '' guardctl set dropped=1
t 'only that one setting has changed' 0 'enabled = 1
mode = reject
ports = 7,9,6000-6063
log_ratelimit = 5
dropped = 0
rejected = 0'                     guardctl get
t 'an empty list of ports is valid' 0 'ports = ' sh -c 'guardctl set ports= && guardctl get | grep ports'
t 'another namespace has its own settings' 0 'mode = drop' unshare -n sh -c \
	'guardctl set ports=9 && guardctl get | grep mode'
t 'a write there does not change a setting here' 0 'ports = ' sh -c 'guardctl get | grep ports'
t 'an unprivileged user may read' 0 'mode = reject' su -s /bin/sh nobody -c 'guardctl get | grep mode'
t 'an unprivileged user may not write' 1 '' su -s /bin/sh nobody -c 'guardctl set mode=drop'
t 'the module can be unloaded'    0 '' rmmod compare_genetlink
finish
