# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# portguard's settings by three ways: kvstore, sysctl and generic netlink; docs/in-kernel.md compares them
# guest: --here 'guardctl needs a library of this machine'
# shellcheck source=tests/common/tap.sh
. /tap.sh

# kvstore
insmod /portguard.ko
t 'kvstore: settings are put together' 0 '' \
	script 'put portguard.mode reject\nput portguard.ports 7,9\nput portguard.log_ratelimit 5\n' --atomic
t 'and read back'                 0 'portguard.log_ratelimit = 5
portguard.mode = reject
portguard.ports = 7,9'            kvsh list portguard.
t 'a port that is none is refused' 1 '' kvsh put portguard.ports 7,70000
t 'with a good one beside it'     1 '' script 'put portguard.mode drop\nput portguard.ports x\n' --atomic
t 'and neither is there'          0 'reject
7,9'                              script 'get portguard.mode\nget portguard.ports\n'
t 'a statistic is read'           0 0  kvsh get portguard.dropped
rmmod portguard

# sysctl
insmod /compare_sysctl.ko
cd /proc/sys/net/portguard || exit
# write VALUE FILE
write() { echo "$1" >"$2"; }
t 'sysctl: the defaults are there' 0 '1
drop

0
0
0' cat enabled mode ports log_ratelimit dropped rejected
t 'settings are written one by one' 0 '' \
	sh -c 'echo 0 >enabled && echo reject >mode && echo 7,9,6000-6063 >ports && echo 5 >log_ratelimit'
t 'and read back'                 0 '0
reject
7,9,6000-6063
5'                                cat enabled mode ports log_ratelimit
t 'sysctl(8) does it too'         0 'net.portguard.mode = drop' \
	sh -c 'sysctl -qw net.portguard.mode=drop && sysctl net.portguard.mode'
t 'a port that is none is refused' 1 '' write 7,70000 ports
says 'with an errno'              'Invalid argument'
t 'a mode that is none'           1 '' write log mode
t 'a mode that only begins well'  1 '' write drop-----------------------------------------x mode
t 'a number out of its range'     1 '' write 1001 log_ratelimit
t 'a switch out of its range'     1 '' write 2 enabled
t 'a statistic'                   1 '' write 1 dropped
t 'and all is as it was'          0 '0
drop
7,9,6000-6063
5
0'                                cat enabled mode ports log_ratelimit dropped
t 'no ports are some ports'       0 '' sh -c 'echo >ports && cat ports'
t 'another namespace has settings of its own' 0 drop unshare -n sh -c \
	'echo 9 >/proc/sys/net/portguard/ports && cat /proc/sys/net/portguard/mode'
t 'and changed none here'         0 '' cat ports
t 'nobody may read'               0 drop su -s /bin/sh nobody -c 'cat /proc/sys/net/portguard/mode'
t 'and not write'                 1 '' su -s /bin/sh nobody -c 'echo drop >/proc/sys/net/portguard/mode'
cd / || exit
t 'the module goes'               0 '' rmmod compare_sysctl

# Generic netlink
insmod /compare_genetlink.ko
t 'generic netlink: the defaults are there' 0 'enabled = 1
mode = drop
ports = 
log_ratelimit = 0
dropped = 0
rejected = 0'                     guardctl get
t 'settings are set together'     0 '' guardctl set enabled=0 mode=reject ports=7,9,6000-6063 log_ratelimit=5
t 'and read back'                 0 'enabled = 0
mode = reject
ports = 7,9,6000-6063
log_ratelimit = 5
dropped = 0
rejected = 0'                     guardctl get
t 'what is left out stays'        0 '' guardctl set enabled=1
t 'a port that is none is refused' 1 '' guardctl set mode=drop ports=7,70000
says_exactly 'with the reason'    'guardctl: ports: must be ports and ranges of ports, such as 7,9,6000-6063'
t 'a number out of its range'     1 '' guardctl set mode=drop log_ratelimit=1001
says_exactly 'in words of the kernel' 'guardctl: log_ratelimit: integer out of range'
t 'a switch out of its range'     1 '' guardctl set enabled=2
t 'a mode that is none'           1 '' guardctl set mode=log
t 'a statistic'                   1 '' guardctl set dropped=1
t 'and all is as it was'          0 'enabled = 1
mode = reject
ports = 7,9,6000-6063
log_ratelimit = 5
dropped = 0
rejected = 0'                     guardctl get
t 'no ports are some ports'       0 'ports = ' sh -c 'guardctl set ports= && guardctl get | grep ports'
t 'another namespace has settings of its own' 0 'mode = drop' unshare -n sh -c \
	'guardctl set ports=9 && guardctl get | grep mode'
t 'and changed none here'         0 'ports = ' sh -c 'guardctl get | grep ports'
t 'nobody may read'               0 'mode = reject' su -s /bin/sh nobody -c 'guardctl get | grep mode'
t 'and not write'                 1 '' su -s /bin/sh nobody -c 'guardctl set mode=drop'
t 'the module goes'               0 '' rmmod compare_genetlink
finish
