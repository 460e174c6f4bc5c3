# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# portguard with real packets: on loopback and between two namespaces, loaded before and after the values
# guest: --program ip
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

both_refuse() { traffic "$1" "$2" 7 9; traffic "$1" "$3" 7 9; }

mkfifo ready
traffic serve 7 9 6010 >ready &
read -r _ <ready

# Values first, then the module
kvsh put portguard.ports 7,6000-6063
t 'before the module comes, a port answers' 0 answered traffic udp 127.0.0.1 7 9
t 'IPv6 fragments arrive'             0 arrived  fragments 8 10
kvsh put portguard.ports 7,8,6000-6063
insmod /portguard.ko
t 'not those to a guarded port'       0 silent   fragments 8 10
t 'but those to another'              0 arrived  fragments 11 10
kvsh put portguard.ports 7,6000-6063
t 'what was set before is in force when the module has come' 0 silent traffic udp 127.0.0.1 7 9
t 'in a range too'                    0 silent   traffic udp 127.0.0.1 6010 9
t 'over TCP too'                      0 silent   traffic tcp 127.0.0.1 7 9
t 'over IPv6 too'                     0 silent   traffic udp ::1 7 9
t 'and TCP over IPv6'                 0 silent   traffic tcp ::1 7 9
t 'other ports answer'                0 answered traffic tcp 127.0.0.1 9 9
t 'what was dropped is counted'       0 6        kvsh get portguard.dropped
kvsh put portguard.mode reject
t 'reject: an ICMP error'             0 'refused
refused'                                         both_refuse udp 127.0.0.1 ::1
t 'a TCP reset'                       0 'refused
refused'                                         both_refuse tcp 127.0.0.1 ::1
t 'what was rejected is counted'      0 4        kvsh get portguard.rejected
kvsh put portguard.enabled off
t 'not while it is off'               0 answered traffic udp 127.0.0.1 7 9
kvsh delete portguard.enabled
t 'a delete is the default again: on' 0 refused  traffic udp 127.0.0.1 7 9

# Refusals
for ports in 70000 http 7,9- 5-3 all 0-N 0-9:1/2; do
	t "no ports: $ports"          1 ''       kvsh put portguard.ports $ports
done
t 'no mode: accept'                   1 ''       kvsh put portguard.mode accept
t 'no limit: 1001'                    1 ''       kvsh put portguard.log_ratelimit 1001
t 'a counter is read-only'            1 ''       kvsh put portguard.dropped 0
t 'what was refused changed nothing'  0 '7,6000-6063 refused' \
	sh -c 'echo "$(kvsh get portguard.ports) $(traffic udp 127.0.0.1 7 9)"'

# The log
kvsh put portguard.log_ratelimit 2
for _ in 1 2 3 4 5; do
	traffic udp 127.0.0.1 7 9 >/dev/null
done
logged() { dmesg | grep -c 'portguard: UDP port 7 stopped'; }
t 'the log tells of some packets'     0 yes      sh -c 'dmesg | grep -q "portguard: UDP port 7 stopped" && echo yes'

# Unloading
t 'kvstore stays as long as portguard' 1 ''      rmmod kvstore
rmmod portguard
t 'without the module a port answers' 0 answered traffic udp 127.0.0.1 7 9
t 'and its values stay'               0 '7,6000-6063' kvsh get portguard.ports
t 'but not its counters'              3 ''       kvsh get portguard.dropped
kvsh delete --prefix portguard.

# The module first, then the values
insmod /portguard.ko
t 'without values nothing is stopped' 0 answered traffic udp 127.0.0.1 7 9
kvsh put portguard.ports 7
t 'then what is set'                  0 silent   traffic udp 127.0.0.1 7 9

# Two namespaces, a cable between them
/ip netns add east
/ip netns add west
/ip -n east link add cable type veth peer name cable netns west
for end in east:1 west:2; do
	/ip -n ${end%:*} addr add 192.0.2.${end#*:}/24 dev cable
	/ip -n ${end%:*} addr add 2001:db8::${end#*:}/64 dev cable nodad
	/ip -n ${end%:*} link set cable up
	/ip -n ${end%:*} link set lo up
done
in_east() { /ip netns exec east "$@"; }
/ip netns exec west traffic serve 7 9 >ready &
read -r _ <ready
t 'a new namespace has its own settings' 0 answered in_east traffic udp 192.0.2.2 7 9
kvsh -n west put portguard.ports 7
t 'a port is guarded where it was set' 0 silent  in_east traffic udp 192.0.2.2 7 9
t 'over IPv6 too'                     0 silent   in_east traffic tcp 2001:db8::2 7 9
before=$(logged)
kvsh -n west put portguard.log_ratelimit 1000
t 'another namespace does not write into the log' 0 "silent $before" \
	sh -c 'echo "$(/ip netns exec east traffic udp 192.0.2.2 7 9) $(dmesg | grep -c "portguard: UDP port 7 stopped")"'
kvsh -n west put portguard.mode reject
t 'reject between namespaces'         0 'refused
refused'                                         in_east sh -c 'traffic tcp 192.0.2.2 7 9; traffic udp 2001:db8::2 7 9'
t 'each counts its own'               0 '3 2, 0 0' \
	sh -c 'echo "$(kvsh -n west get portguard.dropped) $(kvsh -n west get portguard.rejected), $(kvsh -n east get portguard.dropped) $(kvsh -n east get portguard.rejected)"'
t 'and here all is as it was'         0 'drop 7' sh -c 'kvsh -q get portguard.mode || echo "drop $(kvsh get portguard.ports)"'

# rmmod under traffic
insmod /hooked.ko
in_east traffic flood 192.0.2.2 7 &
traffic flood 127.0.0.1 7 &
reload() {
	i=0
	while [ $i -lt 5 ]; do
		before=$(kvsh get portguard.dropped)
		until [ "$(kvsh get portguard.dropped)" -gt "$before" ]; do :; done
		rmmod portguard && insmod /portguard.ko || return
		i=$((i + 1))
	done
}
t 'it is unloaded and loaded under traffic' 0 '' reload

# A namespace that goes while packets come
/ip netns del west
/ip netns del east
t 'the module goes, whatever went before' 0 '' rmmod portguard
finish
