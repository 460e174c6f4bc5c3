# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Each tracepoint fires when it should, with the right fields, and no value is traced.
# Expects the module with log_entries=8.
# guest: KV_MODULE_PARAMS=log_entries=8 --program trace-cmd
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit
tracing=/sys/kernel/tracing
here=$(readlink /proc/self/ns/net | tr -dc 0-9)

# traced COMMAND...: run it, and print the events as NAME: FIELDS
traced() {
	echo >$tracing/trace
	echo 1 >$tracing/tracing_on
	"$@" >/dev/null 2>&1
	echo 0 >$tracing/tracing_on
	events
}
events() { sed -n 's/.*: \(kv_[a-z_]*:\)/\1/p' $tracing/trace; }
# fields EVENT: print its own fields with their types
fields() { sed -n '/common_/d; s/.*field:\([^;]*\);.*/\1/p' $tracing/events/kvstore/"$1"/format; }
# watches N: wait until N watches are open
watches() { until kvsh info | grep -q "^watches  *$1\$"; do :; done; }

t 'there are four events' 0 'kv_commit
kv_read_miss
kv_refuse
kv_watch_overflow' sh -c "cd $tracing/events/kvstore && ls -d kv_*"
t 'the fields of a commit' 0 'unsigned int netns
u64 rev
unsigned int op
unsigned int value_len
__data_loc char[] key' fields kv_commit
t 'the fields of a miss' 0 'unsigned int netns
__data_loc char[] key' fields kv_read_miss
t 'the fields of a refusal' 0 'unsigned int netns
int error
__data_loc char[] key
__data_loc char[] reason' fields kv_refuse
t 'the fields of an overflow' 0 'unsigned int netns
u64 rev
__data_loc char[] key' fields kv_watch_overflow

t 'nothing is traced while the events are disabled' 0 '' traced kvsh put a 1
echo 1 >$tracing/events/kvstore/enable

# kv_commit
t 'a put' 0 "kv_commit: netns=$here rev=2 op=put key=net.eth0.mtu value_len=4" \
	traced kvsh put net.eth0.mtu 9000
t 'a put of a private value' 0 "kv_commit: netns=$here rev=3 op=put key=wg.key value_len=6" \
	traced kvsh put --private wg.key s3cret
t 'a delete' 0 "kv_commit: netns=$here rev=4 op=delete key=wg.key value_len=0" traced kvsh delete wg.key
t 'each change of a transaction, with the same revision' 0 "kv_commit: netns=$here rev=5 op=put key=b value_len=0
kv_commit: netns=$here rev=5 op=delete key=net.eth0.mtu value_len=0" \
	traced script 'put b ""\ndelete net.eth0.mtu\n' --atomic
t 'each key of a prefix delete' 0 "kv_commit: netns=$here rev=6 op=delete key=b value_len=0" \
	traced kvsh delete --prefix --yes b
key=$(printf '%128s' '' | tr ' ' k)
t 'the longest key' 0 "kv_commit: netns=$here rev=7 op=put key=$key value_len=1" traced kvsh put "$key" 1
other=$(unshare -n sh -c 'kvsh put theirs 1; readlink /proc/self/ns/net' | tr -dc 0-9)
t 'another namespace has another number' 0 yes sh -c "[ '$other' != $here ] && echo yes"
traced unshare -n sh -c 'readlink /proc/self/ns/net >number; kvsh put theirs 1' >events
t 'a commit has the number of its namespace' 0 "kv_commit: netns=$(tr -dc 0-9 <number) rev=1 op=put key=theirs value_len=1" \
	cat events

# kv_read_miss
t 'a get of a missing key is traced' 0 "kv_read_miss: netns=$here key=nothing" traced kvsh get nothing
t 'a get of an existing key is not' 0 '' traced kvsh get a

# kv_refuse
t 'a condition that does not hold' 0 "kv_refuse: netns=$here key=a error=17 reason=" \
	traced kvsh put a 2 --create
t 'a delete of a missing key' 0 "kv_refuse: netns=$here key=nothing error=2 reason=" traced kvsh delete nothing
t 'a put at another revision' 0 "kv_refuse: netns=$here key=a error=116 reason=" traced kvsh put a 2 --if-rev 99
insmod /demo.ko
t 'a value that a declared bound refuses is traced once, with the reason' 0 \
	"kv_refuse: netns=$here key=demo.count error=33 reason=must be a whole number from 1 to 100 packets" \
	traced kvsh put demo.count 4711
t 'a value that check() refuses is traced once, with the reason' 0 \
	"kv_refuse: netns=$here key=demo.name error=33 reason=a name cannot start with a digit" \
	traced kvsh put demo.name 4711
t 'a refused private value is traced without the reason' 0 "kv_refuse: netns=$here key=demo.name error=33 reason=" \
	traced kvsh put --private demo.name 4711
t 'the refused record of a transaction' 0 \
	"kv_refuse: netns=$here key=demo.high error=33 reason=must be a whole number from 0 to 65535" \
	traced script 'put demo.low 3\nput demo.high 4711x\n' --atomic
t 'a prefix delete that is refused for a default' 0 \
	"kv_commit: netns=$here rev=8 op=put key=demo.low value_len=2
kv_commit: netns=$here rev=8 op=put key=demo.high value_len=2
kv_refuse: netns=$here key=demo.h error=33 reason=demo.low is greater than demo.high" \
	traced sh -c 'printf "put demo.low 20\nput demo.high 30\n" | kvsh --atomic; kvsh delete --prefix --yes demo.h'

# kv_watch_overflow
kvsh watch w. >watched &
watches 1
traced script "$(for i in 1 2 3 4 5 6 7 8 9; do printf 'put w.%s 1\\n' $i; done)" --atomic >/dev/null
until [ -s watched ]; do :; done
t 'a watch falls behind' 0 "kv_watch_overflow: netns=$here rev=9 prefix=w." \
	sh -c "sed -n 's/.*: \(kv_watch_[a-z_]*:\)/\1/p' $tracing/trace"
kill $!

# Values
cat >values <<'END'
exec >/dev/null 2>&1
kvsh put v.public WORD4711
kvsh put --private v.private WORD4711
kvsh put --private v.private WORD4711 --create
kvsh put v.public WORD4711 --if-rev 1
printf 'put v.a WORD4711\nput --private v.b WORD4711\nrequire nothing\n' | kvsh --atomic
printf 'put v.a WORD4711\nput --private v.b WORD4711\n' | kvsh --atomic
kvsh put demo.count WORD4711
kvsh put demo.mode WORD4711
kvsh put demo.peer WORD4711
kvsh put --private demo.enabled WORD4711
kvsh put --private demo.name 0WORD4711
kvsh put --private demo.name WORD4711
kvsh get v.private
kvsh list v.
kvsh watch v. --from 9 --timeout 0
kvsh delete --prefix --yes v.
END
traced sh values >events
t 'the keys are traced' 0 yes sh -c 'grep -q v.private events && grep -q demo.peer events && echo yes'
t 'values are not traced, public or private' 1 '' grep WORD4711 $tracing/trace
echo 0 >$tracing/events/kvstore/enable

# trace-cmd loses events that occur before its recorders have opened their files.
cat >work <<'END'
until [ -e trace.dat.cpu0 ] && [ -e trace.dat.cpu1 ]; do :; done
kvsh put --private a WORD4711
kvsh get nothing
kvsh put a WORD4711 --create
sh values
END
revision=$(kvsh info | sed -n 's/^revision *//p')
trace-cmd record -q --compression none -e kvstore sh work >log 2>&1
t 'trace-cmd records' 0 '' test -s trace.dat
t 'trace-cmd reports the events' 0 \
	"kv_commit: netns=$here rev=$((revision + 1)) op=put key=a value_len=8
kv_read_miss: netns=$here key=nothing
kv_refuse: netns=$here key=a error=17 reason=" \
	sh -c 'trace-cmd report -q | sed -nE "s/.*: (kv_[a-z_]*:) +/\1 /p" | head -n 3'
t 'its file has the keys'         0 yes sh -c 'grep -aq demo.peer trace.dat && echo yes'
t 'its file has no value'         1 0 grep -ac WORD4711 trace.dat
finish
