#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/vm/run: COMMAND's streams and status, failed runs, terminals.
# A boot takes seconds, so each guest tests several things.
# shellcheck disable=SC2016 # expanded in the guest
set -u

cd "$(dirname "$0")/../.." || exit 1
tests/vm/here 'this test runs bash and a terminal in the guest' || exit 0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
out=$scratch/out err=$scratch/err
mkdir "$scratch/tmp"
export TMPDIR=$scratch/tmp KV_NO_BUILD=1

. tests/common/ok.bash
# shellcheck disable=SC2034 # ok prints it
diagnosis=$err
is() { [[ $1 == "$2" ]]; }
run() {
	tests/vm/run --no-module --timeout 60 "$@" >"$out" 2>"$err"
	status=$?
}

# Wrong usage, without a boot

run </dev/null
ok 'no COMMAND is wrong usage (2)' is $status 2
run --nosuch true </dev/null
ok 'an unknown option is wrong usage (2)' is $status 2
run --smp many true </dev/null
ok 'a value that is not a number is wrong usage (2)' is $status 2
run --with "$scratch/nothing" true </dev/null
ok 'a missing file for --with is wrong usage (2)' is $status 2
run --kernel nosuch true </dev/null
ok 'an unknown kernel is a failed run (125)' is $status 125
ok 'an unknown kernel prints nothing on stdout' is "$(<"$out")" ''

# Streams, arguments, files

printf 'a script\n' >"$scratch/file"
mkdir -p "$scratch/folder/inner" && echo deep >"$scratch/folder/inner/file"
chmod 750 "$scratch/file"
odd=("a'b" '' '"$x" \n *' $'line\nline\n' 'größe' '-n')
run --with "$scratch/file" --with "$scratch/folder" --with "$(command -v bash)" -- \
	sh -c 'printf "<%s>" "$@"
		exec >&2
		pwd; id -u; hostname; echo "$HOME $LANG"; stat -c %a /file; cat file folder/inner/file
		read -r line; echo "$line"; cat
		/bash -c "echo \${BASH_VERSION:+bash runs}"
		exit 3' sh "${odd[@]}" < <(printf 'one\ntwo\n')
ok 'the exit status is that of COMMAND' is $status 3
ok 'arguments arrive unchanged, and stdout has the output of COMMAND only' \
	is "$(<"$out")" "$(printf '<%s>' "${odd[@]}")"
ok 'the guest has the files, the folder, the program with its libraries, and stdin from a pipe' \
	is "$(<"$err")" $'/\n0\nkvstore\n/root C.UTF-8\n750\na script\ndeep\none\ntwo\nbash runs'

run -- sh -c 'cat; exit 1' </dev/null
ok 'an empty stdin ends at once; exit status 1' is "$status:$(<"$out")" 1:
run -- nosuch <&-
ok 'a COMMAND that is not found: exit status 127, also if stdin is closed' is $status 127
ok 'a message names it' grep -q 'nosuch: not found' "$err"

mkfifo "$scratch/open"
exec 9<>"$scratch/open"
KV_VM_LOG=$scratch/log run -- sh -c 'sleep 1000 & echo left' <"$scratch/open"
ok 'the run ends although stdin does not end and a process still runs in the guest' \
	is "$status:$(<"$out")" 0:left
ok "KV_VM_LOG gets the kernel's log" test -s "$scratch/log"
exec 9>&-

# Five megabytes of input, more output than all buffers hold, and a reader that starts late

head -c 5000000 /dev/urandom >"$scratch/data"
sum=$(tests/vm/run --no-module -- sh -c 'md5sum >&2; seq 1 100000; echo end' \
	<"$scratch/data" 2>"$err" |
	(read -r first; until [[ -s $err ]]; do sleep 1; done; sleep 3; echo "$first"; cat) | md5sum)
ok '5 MB of random bytes arrive on stdin unchanged' is "$(<"$err")" "$(md5sum <"$scratch/data")"
ok 'a reader that starts late gets all of stdout' \
	is "$sum" "$( (seq 1 100000; echo end) | md5sum)"

# Failed runs

run --timeout 5 sleep 100 </dev/null
ok 'a COMMAND that does not end in time is a failed run (125)' is $status 125
ok 'a message says so' grep -q 'the guest did not end within [0-9]* seconds' "$err"
run -- sh -c 'echo c >/proc/sysrq-trigger' </dev/null
ok 'a kernel crash is a failed run (125)' is $status 125
ok "a crash shows the kernel's log" grep -q 'RIP: ' "$err"
run -- sh -c 'echo "WARNING: suspicious RCU usage" >/dev/kmsg; exit 0' </dev/null
ok 'a bug report in the log is a failed run (125), whatever the status of COMMAND' is $status 125
run -- poweroff -f </dev/null
ok 'a guest that powers off before COMMAND ends is a failed run (125)' is $status 125

# The log

# reported LINE...: print the lines of this log that tests/vm/reports prints
reported() { printf '[    1.000000] %s\r\n' "$@" | tests/vm/reports | sed 's/^\[    1.000000\] //'; }
killing=('Comm: a invoked oom-killer: gfp_mask=0xcc0' 'CPU: 1 PID: 9 Comm: a Not tainted' 'Call Trace:' ' <TASK>')
killed='Memory cgroup out of memory: Killed process 9 (a) total-vm:1kB'
ok 'the OOM killer of a memory cgroup is not a bug' is "$(reported "${killing[@]}" "$killed")" ''
ok 'the OOM killer of the whole machine is a bug' \
	is "$(reported "${killing[@]}" "${killed/Memory cgroup out/Out}")" 'Call Trace:'
ok 'an unfinished report of the OOM killer is a bug' is "$(reported "${killing[@]}")" 'Call Trace:'
ok 'a bug reported within a report of the OOM killer is found' \
	is "$(reported "${killing[@]}" 'BUG: KASAN: x' 'Call Trace:' "$killed")" $'Call Trace:\nBUG: KASAN: x\nCall Trace:'
ok 'a bug reported before or after it is found' \
	is "$(reported 'Call Trace:' "${killing[@]}" "$killed" 'Call Trace:')" $'Call Trace:\nCall Trace:'
ok 'a second call trace within it is found' is "$(reported "${killing[@]}" 'Call Trace:' "$killed")" $'Call Trace:\nCall Trace:'
ok 'a call trace of an unfinished report before it is found' \
	is "$(reported "${killing[@]}" "${killing[@]}" "$killed")" 'Call Trace:'

# Guests that hang before COMMAND starts. A script replaces QEMU: it hangs, or answers as ./init does.

mkdir "$scratch/hanging"
cat >"$scratch/hanging/qemu-system-x86_64" <<'END'
#!/bin/sh
echo boot >>"$BOOTS"
[ "$(wc -l <"$BOOTS")" -gt "$HANGING" ] || exec sleep "$HANGS"
echo start >&3
cat
printf '%s\n' 'status 3' end >&3
END
chmod +x "$scratch/hanging/qemu-system-x86_64"
# hanging N ARG...: run tests/vm/run with ARGs; the first N guests do not start COMMAND, and end after $hangs seconds
hangs=1000
hanging() {
	: >"$scratch/boots"
	KV_VM_BOOT=1 PATH=$scratch/hanging:$PATH HANGING=$1 HANGS=$hangs BOOTS=$scratch/boots KV_VM_PATIENCE=1 run "${@:2}"
	boots=$(wc -l <"$scratch/boots")
}
hanging 0 cat < <(echo input)
ok 'a guest that starts is booted once' is "$boots:$status:$(<"$out"):$(<"$err")" 1:3:input:
hanging 1 cat < <(echo input)
ok 'a guest that hangs before COMMAND starts is booted again, and stdin is not lost' \
	is "$boots:$status:$(<"$out")" 2:3:input
# tests/vm/run waits six times as long for these kernels.
case ${KV_KERNEL-} in debug | kcsan) patience=6 ;; *) patience=1 ;; esac
ok 'a message says so' grep -q "has not started after $patience seconds; booting the guest again" "$err"
hanging 2 cat < <(echo input)
ok 'a second hanging guest is booted again' is "$boots:$status:$(<"$out")" 3:3:input
hanging 3 --timeout 2 cat </dev/null
ok 'after three hanging guests the run fails (125)' is "$boots:$status" 3:125
hangs=0
hanging 2 cat < <(echo input)
ok 'a guest that powers off before COMMAND starts is booted again, up to twice' is "$boots:$status:$(<"$out")" 3:3:input
hanging 3 cat </dev/null
ok 'after three such guests the run fails (125)' is "$boots:$status" 3:125

# A terminal

cat >"$scratch/on-tty" <<'END'
tty >&2
stty size
echo "$TERM"
[ -t 0 ] && [ -t 1 ] && echo terminal
trap 'echo interrupted; exit 4' INT
echo ready
while :; do sleep 1; done
END
coproc terminal {
	TERM=vt100 script -qec "stty rows 33 cols 101
		tests/vm/run --no-module --with $scratch/on-tty -- sh /on-tty 2>$err" /dev/null
}
terminal_pid=$!
exec {keys}>&"${terminal[1]}" {screen}<&"${terminal[0]}"
shown=''
while IFS= read -r -t 60 -u "$screen" line && shown+=${line%$'\r'}$'\n'; do
	[[ $line != ready* ]] || printf '\003' >&"$keys"
done
wait "$terminal_pid"
status=$?
ok 'COMMAND gets a terminal with the size and TERM of this one, and Ctrl-C interrupts it' \
	is "$shown" $'33 101\nvt100\nterminal\nready\n^Cinterrupted\n'
ok 'and the exit status is that of COMMAND' is $status 4
ok 'a stderr that is not a terminal stays separate' is "$(<"$err")" /dev/ttyS1

ok 'no run has left temporary files' is "$(ls -A "$TMPDIR")" ''

finish
