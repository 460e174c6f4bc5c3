# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# watch and wait: every change, in order, once; what was missed is said; conditions without a race.
# The module keeps 8 changes (log_entries=8) for 4 watches (max_watches=4).
# guest: KV_MODULE_PARAMS='log_entries=8 max_watches=4'
# shellcheck source=tests/common/tap.sh
. /tap.sh
pids=''
cd /tmp || exit

as_nobody() { su -s /bin/sh nobody -c "$*"; }
revision() { kvsh info | sed -n 's/^revision *//p'; }
# ended NAME: the last process in the background ends with 0
ended() {
	if wait $!; then
		result "$1" yes
	else
		result "$1" no
	fi
}
# watches N: wait until N watches are open
watches() { until kvsh info | grep -q "^watches  *$1\$"; do :; done; }

# What has happened
kvsh put a 1
kvsh put b 2
kvsh delete a
printf 'put c 3\nput d 4\ndelete b\n' | kvsh --atomic
t 'watch --from tells what came after' 0 '1 put a = 1
2 put b = 2
3 delete a
4 put c = 3
4 put d = 4
4 delete b'                                     kvsh watch --from 0 --count 6
t '--count ends it'                   0 '1 put a = 1' kvsh watch --from 0 --count 1
t '--from a later revision'           0 '4 put c = 3' kvsh watch --from 3 --count 1
t 'a PREFIX chooses keys'             0 '2 put b = 2
4 delete b'                                     kvsh watch b --from 0 --count 2
t '--timeout ends it with 8'          8 '3 delete a' kvsh watch a --from 1 --timeout 0
says 'and says so'                    '^kvsh: watch: timed out after 0 seconds$'
t 'a time that has to pass'           8 ''      kvsh watch nothing --timeout 0.01
t 'JSON lines' 0 '{"rev":"1","op":"put","key":"a","value":"1","private":false}
{"rev":"2","op":"put","key":"b","value":"2","private":false}
{"rev":"3","op":"delete","key":"a"}'            kvsh watch --json --from 0 --count 3
t 'with the option of kvsh too'       0 '{"rev":"3","op":"delete","key":"a"}' kvsh -j watch a --from 1 --count 1
t 'in a script'                       0 '3 delete a
4'                                              sh -c 'printf "watch a --from 1 --count 1\nget d\n" | kvsh'
t 'it stops a script that runs out of time' 8 '' sh -c 'printf "watch z --timeout 0\nget d\n" | kvsh'
says 'with its place'                 '^<stdin>:1:1: watch: timed out'
t 'nobody may watch'                  0 '3 delete a' as_nobody kvsh watch a --from 1 --count 1

# What happens
kvsh watch >events &
watches 1
kvsh put live 1
kvsh put live 2
kvsh delete live
t 'changes are told when they happen, each in a line that is not held back' 0 '5 put live = 1
6 put live = 2
7 delete live' sh -c 'until [ "$(wc -l <events)" = 3 ]; do :; done; cat events'
kill $!
wait $! 2>/dev/null
t 'with the process the watch goes'             0 0       sh -c 'kvsh info | sed -n "s/^watches *//p"'
t 'it ends when nobody reads, though nothing happens' 0 '' sh -c 'kvsh watch | true'
t 'also where that signal is ignored' 1 ''      sh -c 'mkfifo pipe; trap "" PIPE; kvsh watch >pipe & p=$!; true <pipe; wait $p'
says 'which says so'                  'cannot write to standard output: Broken pipe'
t 'a full disk ends it'               1 ''      sh -c 'kvsh watch --from 0 >/dev/full'
says 'and says so'                    'No space left'

# Values
kvsh put odd "$(printf ' a\n\001"')"
t 'odd bytes are escaped'             0 'put odd = \x20a\n\x01\"' sh -c 'kvsh watch odd --from 7 --count 1 | cut -d" " -f2-'
from=$(revision)
kvsh put --private s.full hidden
kvsh put --private s.empty ''
t 'private values for their reader'   0 "$((from + 1)) put s.full = hidden
$((from + 2)) put s.empty = "                   kvsh watch s --from "$from" --count 2
t 'are left out for nobody'           0 "$((from + 1)) put s.full = (private)
$((from + 2)) put s.empty = (private)"          as_nobody kvsh watch s --from "$from" --count 2
t 'in JSON they are null'             0 "{\"rev\":\"$((from + 1))\",\"op\":\"put\",\"key\":\"s.full\",\"value\":null,\"private\":true}" \
	as_nobody kvsh -j watch s --from "$from" --count 1
t 'JSON says what is private'         0 "{\"rev\":\"$((from + 1))\",\"op\":\"put\",\"key\":\"s.full\",\"value\":\"hidden\",\"private\":true}" \
	kvsh -j watch s --from "$from" --count 1

# --exec
from=$(revision)
kvsh put e 'one "two"'
printf 'a\0b' | kvsh put e -
kvsh delete e
t '--exec runs a command for each, one after the other' 0 "put e $((from + 1)) one \"two\"
put e $((from + 2)) -
delete e $((from + 3)) -" \
	env KV_VALUE=stale kvsh watch e --from "$from" --count 3 --exec 'echo "$KV_OP $KV_KEY $KV_REV ${KV_VALUE--}"'
t 'private values do not reach that of nobody' 0 'put -
put -' as_nobody "kvsh watch s --from $((from - 2)) --count 2 --exec 'echo \$KV_OP \${KV_VALUE--}'"
t 'a command that fails does not end it' 0 'put
put
delete' kvsh watch e --from "$from" --count 3 --exec 'echo $KV_OP; exit 7'
says 'it is noted'                    '^kvsh: watch: "echo \$KV_OP; exit 7" ended with status 7$'
t 'nor one that is killed'            0 ''      kvsh watch e --from "$from" --count 1 --exec 'kill -9 $$'
says 'that is noted too'              'was killed by signal 9$'
t 'a command cannot take the lines of the script' 0 '4' \
	sh -c "printf 'watch e --from $from --count 1 --exec cat\nget d\n' | kvsh"

# What is not kept any more
kvsh delete --prefix s
kvsh put --private p hidden
from=$(revision)
for i in 1 2 3 4 5 6 7 8 9; do
	kvsh put c $i
done
t 'what is not kept any more is said, and all keys follow' 0 "$((from + 9)) compacted
$((from + 9)) put c = 9
4 put d = 4
8 put odd = \\x20a\\n\\x01\\\"
$from put p = hidden"                           kvsh watch --from 1 --count 1
t 'of the PREFIX'                     0 "$((from + 9)) compacted
$((from + 9)) put c = 9"                        kvsh watch c --from 1 --count 1
t 'in JSON'                           0 "{\"rev\":\"$((from + 9))\",\"op\":\"compacted\"}
{\"rev\":\"4\",\"op\":\"put\",\"key\":\"d\",\"value\":\"4\",\"private\":false}" \
	kvsh -j watch d --from 1 --count 1
t 'for --exec'                        0 "compacted $((from + 9)) - -
put 4 d 4"                                      kvsh watch d --from 1 --count 1 --exec 'echo $KV_OP $KV_REV ${KV_KEY--} ${KV_VALUE--}'
t 'without private values for nobody' 0 "$((from + 9)) compacted
$from put p = (private)"                        as_nobody kvsh watch p --from 1 --count 1
kvsh watch c --from 1 --count 3 >events &
watches 1
kvsh put c ten
kvsh delete c
wait $!
t 'and it goes on from there'         0 "$((from + 9)) compacted
$((from + 9)) put c = 9
$((from + 10)) put c = ten
$((from + 11)) delete c"                        cat events
t 'a revision that is not there yet is one to list again' 0 'compacted
put' sh -c 'kvsh watch d --from 1000000 --count 1 | cut -d" " -f2'
yes 'put f 1' | kvsh &
t 'a flood of changes does not keep it beyond its time' 8 '' sh -c 'kvsh watch --from 1 --timeout 0 >/dev/null'
kill $!
wait $! 2>/dev/null
for i in 1 2 3 4; do
	kvsh watch >/dev/null &
	pids="$pids $!"
done
watches 4
t 'more watches than the namespace may have' 1 '' kvsh watch
says 'are refused'                    '^kvsh: watch: the namespace has the maximum number of watches$'
# shellcheck disable=SC2086 # they are words
kill $pids
# shellcheck disable=SC2086
wait $pids 2>/dev/null

# wait
t 'wait of a key that is there'       0 ''      kvsh wait d
t 'of a value that is there'          0 ''      kvsh wait d 4
t 'wait that is not granted in time'  8 ''      kvsh wait nothing --timeout 0
says 'says so'                        '^kvsh: wait: timed out after 0 seconds$'
t 'nor is another value'              8 ''      kvsh wait d 5 --timeout .01
t 'an empty VALUE is one'             8 ''      kvsh wait d '' --timeout 0
# A key that only starts so, another value, and then the right one
for wish in w 'w 1' 'w -1'; do
	kvsh delete w 2>/dev/null
	# shellcheck disable=SC2086 # KEY VALUE
	kvsh wait -- $wish &
	watches 1
	kvsh put w.other 1
	result "wait $wish: not yet" "$(kill -0 $! && echo yes)"
	[ "$wish" = w ] || kvsh put w 0
	[ "$wish" = w ] || result "wait $wish: nor yet" "$(kill -0 $! && echo yes)"
	kvsh put w "${wish#w }"
	ended "wait $wish: now"
done
kvsh delete w
kvsh wait w 9 &
watches 1
for i in 1 2 3 4 5 6 7 8 9; do
	kvsh put w $i
done
ended 'wait sees a value though it was late to look'
i=0 raced=yes
while [ $i -lt 50 ]; do
	kvsh wait race $i --timeout 60 &
	kvsh put race $i
	wait $! || raced=no
	i=$((i + 1))
done
result 'a change in the moment of the call is never missed' $raced
t 'nobody waits for a private key'    0 ''      as_nobody kvsh wait p --timeout 0
t 'but not for its value'             5 ''      as_nobody kvsh wait p hidden
says 'and is told why'                'wait p: not permitted'
kvsh wait p new &
watches 1
kvsh put --private p new
ended 'who may read it waits for its value'
kvsh put p open
as_nobody 'kvsh wait p hidden; echo $? >/tmp/status' 2>/dev/null &
watches 1
kvsh put --private p again
wait $!
t 'a value that becomes private ends that of nobody' 0 5 cat status
t 'wait in a script'                  8 ''      sh -c 'printf "wait nothing --timeout 0\nget d\n" | kvsh'

# Usage
for bad in one -1 1e3 inf 0x10 1.2.3 . '' 1000000001; do
	t "--timeout '$bad'"             2 ''      kvsh wait nothing --timeout "$bad"
done
says 'is explained'                   '--timeout needs a number of seconds'
t '--count wants a number'            2 ''      kvsh watch --count few
says 'is explained'                   '--count needs a whole number'
t '--count 0'                         2 ''      kvsh watch --count 0 --timeout 0
t '--from wants a revision'           2 ''      kvsh watch --from now
t 'watch of two prefixes'             2 ''      kvsh watch a b
t 'wait wants a key'                  2 ''      kvsh wait
t 'a PREFIX that no key can have'     2 ''      kvsh watch 'a b'

# A watcher that is killed leaves nothing behind, and the store as it was
mkfifo killed
exec 3<>killed
kvsh watch --from 0 >killed &
read -r _ <&3
before=$(kvsh info | grep -v watches)
t 'a watch is counted'                0 'watches          1' sh -c 'kvsh info | grep watches'
kill -KILL $!
wait $! 2>/dev/null
t 'one that is killed is not'         0 'watches          0' sh -c 'kvsh info | grep watches'
t 'and the store is as it was'        0 "$before" sh -c 'kvsh info | grep -v watches'
finish
