# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# portguard with real packets on loopback and between two namespaces, with values put before and after loading
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
t 'without the module, a port answers' 0 answered traffic udp 127.0.0.1 7 9
t 'IPv6 fragments arrive'             0 arrived  fragments 8 10
kvsh put portguard.ports 7,8,6000-6063
insmod /portguard.ko
t 'fragments to a guarded port do not' 0 silent   fragments 8 10
t 'fragments to another port do'      0 arrived  fragments 11 10
kvsh put portguard.ports 7,6000-6063
t 'values put before loading are in effect' 0 silent traffic udp 127.0.0.1 7 9
t 'a port in a guarded range'         0 silent   traffic udp 127.0.0.1 6010 9
t 'a guarded port over TCP'           0 silent   traffic tcp 127.0.0.1 7 9
t 'a guarded port over IPv6'          0 silent   traffic udp ::1 7 9
t 'a guarded port over IPv6 and TCP'  0 silent   traffic tcp ::1 7 9
t 'other ports answer'                0 answered traffic tcp 127.0.0.1 9 9
t 'dropped packets are counted'       0 6        kvsh get portguard.dropped
kvsh put portguard.mode reject
t 'reject sends an ICMP error'        0 'refused
refused'                                         both_refuse udp 127.0.0.1 ::1
t 'reject sends a TCP reset'          0 'refused
refused'                                         both_refuse tcp 127.0.0.1 ::1
t 'rejected packets are counted'      0 4        kvsh get portguard.rejected
kvsh put portguard.enabled off
t 'a port answers while enabled is off' 0 answered traffic udp 127.0.0.1 7 9
kvsh delete portguard.enabled
t 'a delete restores the default, on' 0 refused  traffic udp 127.0.0.1 7 9

# Refusals
for ports in 70000 http 7,9- 5-3 all 0-N 0-9:1/2; do
	t "invalid ports: $ports"     1 ''       kvsh put portguard.ports $ports
done
t 'invalid mode: accept'              1 ''       kvsh put portguard.mode accept
t 'invalid limit: 1001'               1 ''       kvsh put portguard.log_ratelimit 1001
t 'a counter is read-only'            1 ''       kvsh put portguard.dropped 0
t 'refused puts change nothing'       0 '7,6000-6063 refused' \
	sh -c 'echo "$(kvsh get portguard.ports) $(traffic udp 127.0.0.1 7 9)"'

# The log
kvsh put portguard.log_ratelimit 2
for _ in 1 2 3 4 5; do
	traffic udp 127.0.0.1 7 9 >/dev/null
done
logged() { dmesg | grep -c 'portguard: UDP port 7 stopped'; }
t 'the log reports some packets'      0 yes      sh -c 'dmesg | grep -q "portguard: UDP port 7 stopped" && echo yes'

# Unloading
t 'kvstore cannot be unloaded while portguard is loaded' 1 ''      rmmod kvstore
rmmod portguard
t 'after unloading, a port answers'   0 answered traffic udp 127.0.0.1 7 9
t 'after unloading, values stay'      0 '7,6000-6063' kvsh get portguard.ports
t 'after unloading, counters are gone' 3 ''       kvsh get portguard.dropped
kvsh delete --prefix portguard.

# Load the module, then put the values
insmod /portguard.ko
t 'without values a port answers'     0 answered traffic udp 127.0.0.1 7 9
kvsh put portguard.ports 7
t 'after a put it does not'           0 silent   traffic udp 127.0.0.1 7 9

# Two namespaces, connected by a veth pair
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
t 'a port is guarded in its namespace' 0 silent  in_east traffic udp 192.0.2.2 7 9
t 'a port is guarded over IPv6'       0 silent   in_east traffic tcp 2001:db8::2 7 9
before=$(logged)
kvsh -n west put portguard.log_ratelimit 1000
t 'packets of another namespace are not logged' 0 "silent $before" \
	sh -c 'echo "$(/ip netns exec east traffic udp 192.0.2.2 7 9) $(dmesg | grep -c "portguard: UDP port 7 stopped")"'
kvsh -n west put portguard.mode reject
t 'reject between namespaces'         0 'refused
refused'                                         in_east sh -c 'traffic tcp 192.0.2.2 7 9; traffic udp 2001:db8::2 7 9'
t 'each namespace has its own counters' 0 '3 2, 0 0' \
	sh -c 'echo "$(kvsh -n west get portguard.dropped) $(kvsh -n west get portguard.rejected), $(kvsh -n east get portguard.dropped) $(kvsh -n east get portguard.rejected)"'
t 'the settings of this namespace have not changed' 0 'drop 7' sh -c 'kvsh -q get portguard.mode || echo "drop $(kvsh get portguard.ports)"'

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
t 'portguard can be unloaded and loaded under traffic' 0 '' reload

# Delete the namespaces while packets arrive
/ip netns del west
/ip netns del east
t 'portguard can be unloaded after that' 0 '' rmmod portguard
finish
