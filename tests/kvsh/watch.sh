# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# watch and wait: every change once and in order, a message if changes were lost, no race between wait and put.
# The module keeps 8 changes (log_entries=8) and allows 4 watches (max_watches=4).
# guest: KV_MODULE_PARAMS='log_entries=8 max_watches=4'
# shellcheck source=tests/common/tap.sh
. /tap.sh
pids=''
cd /tmp || exit

as_nobody() { su -s /bin/sh nobody -c "$*"; }
revision() { kvsh info | sed -n 's/^revision *//p'; }
# ended NAME: test that the last background process exits with status 0
ended() {
	if wait $!; then
		result "$1" yes
	else
		result "$1" no
	fi
}
# watches N: wait until N watches are open
watches() { until kvsh info | grep -q "^watches  *$1\$"; do :; done; }

# Past changes
kvsh put a 1
kvsh put b 2
kvsh delete a
printf 'put c 3\nput d 4\ndelete b\n' | kvsh --atomic
t 'watch --from prints the changes after a revision' 0 '1 put a = 1
2 put b = 2
3 delete a
4 put c = 3
4 put d = 4
4 delete b'                                     kvsh watch --from 0 --count 6
t '--count ends the watch'            0 '1 put a = 1' kvsh watch --from 0 --count 1
t '--from a later revision'           0 '4 put c = 3' kvsh watch --from 3 --count 1
t 'watch PREFIX prints only keys with the prefix' 0 '2 put b = 2
4 delete b'                                     kvsh watch b --from 0 --count 2
t '--timeout ends the watch with status 8' 8 '3 delete a' kvsh watch a --from 1 --timeout 0
says 'the message says so'            '^kvsh: watch: timed out after 0 seconds$'
t '--timeout waits'                   8 ''      kvsh watch nothing --timeout 0.01
t 'watch --json' 0 '{"rev":"1","op":"put","key":"a","value":"1","private":false}
{"rev":"2","op":"put","key":"b","value":"2","private":false}
{"rev":"3","op":"delete","key":"a"}'            kvsh watch --json --from 0 --count 3
t 'kvsh -j watch'                     0 '{"rev":"3","op":"delete","key":"a"}' kvsh -j watch a --from 1 --count 1
t 'watch in a script'                 0 '3 delete a
4'                                              sh -c 'printf "watch a --from 1 --count 1\nget d\n" | kvsh'
t 'a watch that times out stops the script' 8 '' sh -c 'printf "watch z --timeout 0\nget d\n" | kvsh'
says 'the message has the place'      '^<stdin>:1:1: watch: timed out'
t 'watch needs no permission'         0 '3 delete a' as_nobody kvsh watch a --from 1 --count 1

# New changes
kvsh watch >events &
watches 1
kvsh put live 1
kvsh put live 2
kvsh delete live
t 'new changes are printed at once'   0 '5 put live = 1
6 put live = 2
7 delete live' sh -c 'until [ "$(wc -l <events)" = 3 ]; do :; done; cat events'
kill $!
wait $! 2>/dev/null
t 'the watch is closed when the process ends'   0 0       sh -c 'kvsh info | sed -n "s/^watches *//p"'
t 'watch ends when its reader has gone, without a change' 0 '' sh -c 'kvsh watch | true'
t 'watch ends when its reader has gone, with SIGPIPE ignored' 1 '' sh -c 'mkfifo pipe; trap "" PIPE; kvsh watch >pipe & p=$!; true <pipe; wait $p'
says 'the message has the reason'     'cannot write to standard output: Broken pipe'
t 'a full disk ends the watch'        1 ''      sh -c 'kvsh watch --from 0 >/dev/full'
says 'the message has the reason'     'No space left'

# Values
kvsh put odd "$(printf ' a\n\001"')"
t 'unprintable bytes are escaped'     0 'put odd = \x20a\n\x01\"' sh -c 'kvsh watch odd --from 7 --count 1 | cut -d" " -f2-'
from=$(revision)
kvsh put --private s.full hidden
kvsh put --private s.empty ''
t 'private values are printed with permission' 0 "$((from + 1)) put s.full = hidden
$((from + 2)) put s.empty = "                   kvsh watch s --from "$from" --count 2
t 'private values are left out without permission' 0 "$((from + 1)) put s.full = (private)
$((from + 2)) put s.empty = (private)"          as_nobody kvsh watch s --from "$from" --count 2
t 'JSON has null for them'            0 "{\"rev\":\"$((from + 1))\",\"op\":\"put\",\"key\":\"s.full\",\"value\":null,\"private\":true}" \
	as_nobody kvsh -j watch s --from "$from" --count 1
t 'JSON has "private"'                0 "{\"rev\":\"$((from + 1))\",\"op\":\"put\",\"key\":\"s.full\",\"value\":\"hidden\",\"private\":true}" \
	kvsh -j watch s --from "$from" --count 1

# --exec
from=$(revision)
kvsh put e 'one "two"'
printf 'a\0b' | kvsh put e -
kvsh delete e
t '--exec runs a command for each change, in order' 0 "put e $((from + 1)) one \"two\"
put e $((from + 2)) -
delete e $((from + 3)) -" \
	env KV_VALUE=stale kvsh watch e --from "$from" --count 3 --exec 'echo "$KV_OP $KV_KEY $KV_REV ${KV_VALUE--}"'
t '--exec does not get private values without permission' 0 'put -
put -' as_nobody "kvsh watch s --from $((from - 2)) --count 2 --exec 'echo \$KV_OP \${KV_VALUE--}'"
t 'a failed command does not end the watch' 0 'put
put
delete' kvsh watch e --from "$from" --count 3 --exec 'echo $KV_OP; exit 7'
says 'the message has the status'     '^kvsh: watch: "echo \$KV_OP; exit 7" ended with status 7$'
t 'a killed command does not end the watch' 0 '' kvsh watch e --from "$from" --count 1 --exec 'kill -9 $$'
says 'the message has the signal'     'was killed by signal 9$'
t 'a command does not read the script on stdin' 0 '4' \
	sh -c "printf 'watch e --from $from --count 1 --exec cat\nget d\n' | kvsh"

# Changes that are no longer in the log
kvsh delete --prefix s
kvsh put --private p hidden
from=$(revision)
for i in 1 2 3 4 5 6 7 8 9; do
	kvsh put c $i
done
t 'compacted is printed if changes are lost, then all keys' 0 "$((from + 9)) compacted
$((from + 9)) put c = 9
4 put d = 4
8 put odd = \\x20a\\n\\x01\\\"
$from put p = hidden"                           kvsh watch --from 1 --count 1
t 'compacted, then all keys with the prefix' 0 "$((from + 9)) compacted
$((from + 9)) put c = 9"                        kvsh watch c --from 1 --count 1
t 'compacted in JSON'                 0 "{\"rev\":\"$((from + 9))\",\"op\":\"compacted\"}
{\"rev\":\"4\",\"op\":\"put\",\"key\":\"d\",\"value\":\"4\",\"private\":false}" \
	kvsh -j watch d --from 1 --count 1
t 'compacted with --exec'             0 "compacted $((from + 9)) - -
put 4 d 4"                                      kvsh watch d --from 1 --count 1 --exec 'echo $KV_OP $KV_REV ${KV_KEY--} ${KV_VALUE--}'
t 'compacted without permission: no private values' 0 "$((from + 9)) compacted
$from put p = (private)"                        as_nobody kvsh watch p --from 1 --count 1
kvsh watch c --from 1 --count 3 >events &
watches 1
kvsh put c ten
kvsh delete c
wait $!
t 'the watch continues after compacted' 0 "$((from + 9)) compacted
$((from + 9)) put c = 9
$((from + 10)) put c = ten
$((from + 11)) delete c"                        cat events
t 'compacted is printed for a future revision' 0 'compacted
put' sh -c 'kvsh watch d --from 1000000 --count 1 | cut -d" " -f2'
yes 'put f 1' | kvsh &
t '--timeout 0 ends the watch during a flood of changes' 8 '' sh -c 'kvsh watch --from 1 --timeout 0 >/dev/null'
kill $!
wait $! 2>/dev/null
for i in 1 2 3 4; do
	kvsh watch >/dev/null &
	pids="$pids $!"
done
watches 4
t 'more watches than max_watches'     1 ''      kvsh watch
says 'the message says so'            '^kvsh: watch: the namespace has the maximum number of watches$'
# shellcheck disable=SC2086 # one per word
kill $pids
# shellcheck disable=SC2086
wait $pids 2>/dev/null

# wait
t 'wait for an existing key'          0 ''      kvsh wait d
t 'wait for the current value'        0 ''      kvsh wait d 4
t 'wait for a missing key times out'  8 ''      kvsh wait nothing --timeout 0
says 'the message says so'            '^kvsh: wait: timed out after 0 seconds$'
t 'wait for another value times out'  8 ''      kvsh wait d 5 --timeout .01
t 'wait for an empty value times out' 8 ''      kvsh wait d '' --timeout 0
# Put a longer key, then another value, then the right one.
for wish in w 'w 1' 'w -1'; do
	kvsh delete w 2>/dev/null
	# shellcheck disable=SC2086 # KEY VALUE
	kvsh wait -- $wish &
	watches 1
	kvsh put w.other 1
	result "wait $wish: another key does not end it" "$(kill -0 $! && echo yes)"
	[ "$wish" = w ] || kvsh put w 0
	[ "$wish" = w ] || result "wait $wish: another value does not end it" "$(kill -0 $! && echo yes)"
	kvsh put w "${wish#w }"
	ended "wait $wish: the right change ends it"
done
kvsh delete w
kvsh wait w 9 &
watches 1
for i in 1 2 3 4 5 6 7 8 9; do
	kvsh put w $i
done
ended 'wait finds the value after changes were lost'
i=0 raced=yes
while [ $i -lt 50 ]; do
	kvsh wait race $i --timeout 60 &
	kvsh put race $i
	wait $! || raced=no
	i=$((i + 1))
done
result 'wait does not miss a put at the same time' $raced
t 'wait for a private key needs no permission' 0 '' as_nobody kvsh wait p --timeout 0
t 'wait for a private value needs permission' 5 '' as_nobody kvsh wait p hidden
says 'the message has the reason'     'wait p: not permitted'
kvsh wait p new &
watches 1
kvsh put --private p new
ended 'wait for a private value with permission'
kvsh put p open
as_nobody 'kvsh wait p hidden; echo $? >/tmp/status' 2>/dev/null &
watches 1
kvsh put --private p again
wait $!
t 'a wait without permission fails when the value becomes private' 0 5 cat status
t 'a wait that times out stops the script' 8 '' sh -c 'printf "wait nothing --timeout 0\nget d\n" | kvsh'

# Usage
for bad in one -1 1e3 inf 0x10 1.2.3 . '' 1000000001; do
	t "--timeout '$bad'"             2 ''      kvsh wait nothing --timeout "$bad"
done
says 'the message has the reason'     '--timeout needs a number of seconds'
t '--count needs a number'            2 ''      kvsh watch --count few
says 'the message has the reason'     '--count needs a whole number'
t '--count 0'                         2 ''      kvsh watch --count 0 --timeout 0
t '--from needs a revision'           2 ''      kvsh watch --from now
t 'watch of two prefixes'             2 ''      kvsh watch a b
t 'wait needs a key'                  2 ''      kvsh wait
t 'watch of an invalid prefix'        2 ''      kvsh watch 'a b'

# A watch that is killed leaves nothing behind and does not change the store.
mkfifo killed
exec 3<>killed
kvsh watch --from 0 >killed &
read -r _ <&3
before=$(kvsh info | grep -v watches)
t 'info counts a watch'               0 'watches          1' sh -c 'kvsh info | grep watches'
kill -KILL $!
wait $! 2>/dev/null
t 'info does not count a killed watch' 0 'watches          0' sh -c 'kvsh info | grep watches'
t 'the store is unchanged'            0 "$before" sh -c 'kvsh info | grep -v watches'
finish
