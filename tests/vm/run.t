#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The rig itself: what tests/vm/run promises about COMMAND's streams, status and failures.
# Every boot costs seconds, so one boot answers several questions.
# shellcheck disable=SC2016 # what stands in single quotes is for the guest
set -u

cd "$(dirname "$0")/../.." || exit 1
tests/vm/here 'bash is a program of this machine, and there is no terminal' || exit 0
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

# Misuse, without a boot

run </dev/null
ok 'no command at all is misuse (2)' is $status 2
run --nosuch true </dev/null
ok 'an unknown option is misuse (2)' is $status 2
run --smp many true </dev/null
ok 'an option that needs a number gets one, or it is misuse (2)' is $status 2
run --with "$scratch/nothing" true </dev/null
ok 'a file for --with that is not there is misuse (2)' is $status 2
run --kernel nosuch true </dev/null
ok 'a kernel that nobody knows is a failed run (125)' is $status 125
ok 'and stdout stays empty' is "$(<"$out")" ''

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
ok "COMMAND's status is the run's" is $status 3
ok 'arguments arrive unharmed, and stdout holds stdout alone' \
	is "$(<"$out")" "$(printf '<%s>' "${odd[@]}")"
ok 'stderr is stderr; files, folders, a program with its libraries and a piped stdin are there' \
	is "$(<"$err")" $'/\n0\nkvstore\n/root C.UTF-8\n750\na script\ndeep\none\ntwo\nbash runs'

run -- sh -c 'cat; exit 1' </dev/null
ok 'an empty stdin ends at once; status 1' is "$status:$(<"$out")" 1:
run -- nosuch <&-
ok 'a command that is not there: 127, with stdin closed too' is $status 127
ok 'and a sentence about it' grep -q 'nosuch: not found' "$err"

mkfifo "$scratch/open"
exec 9<>"$scratch/open"
KV_VM_LOG=$scratch/log run -- sh -c 'sleep 1000 & echo left' <"$scratch/open"
ok 'neither a stdin that never ends nor a process left behind keeps the run from ending' \
	is "$status:$(<"$out")" 0:left
ok "KV_VM_LOG names a file for the kernel's log" test -s "$scratch/log"
exec 9>&-

# Five megabytes in, more out than every buffer on the way holds, and a reader that comes late

head -c 5000000 /dev/urandom >"$scratch/data"
sum=$(tests/vm/run --no-module -- sh -c 'md5sum >&2; seq 1 100000; echo end' \
	<"$scratch/data" 2>"$err" |
	(read -r first; until [[ -s $err ]]; do sleep 1; done; sleep 3; echo "$first"; cat) | md5sum)
ok 'stdin is carried whole: 5 MB of any bytes' is "$(<"$err")" "$(md5sum <"$scratch/data")"
ok 'stdout is carried whole to a reader that comes late' \
	is "$sum" "$( (seq 1 100000; echo end) | md5sum)"

# Runs that must not pass

run --timeout 5 sleep 100 </dev/null
ok 'a command that does not end in time is a failed run (125)' is $status 125
ok 'which says so' grep -q 'no end after [0-9]* seconds' "$err"
run -- sh -c 'echo c >/proc/sysrq-trigger' </dev/null
ok 'a crash of the kernel is a failed run (125)' is $status 125
ok "and shows the kernel's log" grep -q 'RIP: ' "$err"
run -- sh -c 'echo "WARNING: suspicious RCU usage" >/dev/kmsg; exit 0' </dev/null
ok 'a report in the log is a failed run (125), whatever COMMAND says' is $status 125
run -- poweroff -f </dev/null
ok 'a guest that goes off before COMMAND has ended is a failed run (125)' is $status 125

# The log

# reported LINE...: those of a log of these lines that are taken for reports of a bug
reported() { printf '[    1.000000] %s\r\n' "$@" | tests/vm/reports | sed 's/^\[    1.000000\] //'; }
killing=('Comm: a invoked oom-killer: gfp_mask=0xcc0' 'CPU: 1 PID: 9 Comm: a Not tainted' 'Call Trace:' ' <TASK>')
killed='Memory cgroup out of memory: Killed process 9 (a) total-vm:1kB'
ok 'that a memory cgroup is full, and its task killed, is no bug' is "$(reported "${killing[@]}" "$killed")" ''
ok 'that the machine has no memory left is one' \
	is "$(reported "${killing[@]}" "${killed/Memory cgroup out/Out}")" 'Call Trace:'
ok 'so is a report of the kind that does not end' is "$(reported "${killing[@]}")" 'Call Trace:'
ok 'a report within another is not hidden by it' \
	is "$(reported "${killing[@]}" 'BUG: KASAN: x' 'Call Trace:' "$killed")" $'Call Trace:\nBUG: KASAN: x\nCall Trace:'
ok 'nor is one before or after it' \
	is "$(reported 'Call Trace:' "${killing[@]}" "$killed" 'Call Trace:')" $'Call Trace:\nCall Trace:'
ok 'nor a second call trace' is "$(reported "${killing[@]}" 'Call Trace:' "$killed")" $'Call Trace:\nCall Trace:'
ok 'nor what one that did not end had' \
	is "$(reported "${killing[@]}" "${killing[@]}" "$killed")" 'Call Trace:'

# A guest that hangs before COMMAND starts: what stands in for QEMU is one that does, or does as ./init does

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
# hanging N RUN...: the first N that are booted hang, or are off after $hangs seconds
hangs=1000
hanging() {
	: >"$scratch/boots"
	KV_VM_BOOT=1 PATH=$scratch/hanging:$PATH HANGING=$1 HANGS=$hangs BOOTS=$scratch/boots KV_VM_PATIENCE=1 run "${@:2}"
	boots=$(wc -l <"$scratch/boots")
}
hanging 0 cat < <(echo input)
ok 'a guest that starts is booted once' is "$boots:$status:$(<"$out"):$(<"$err")" 1:3:input:
hanging 1 cat < <(echo input)
ok 'one that hangs before COMMAND starts is booted again, and nothing is lost' \
	is "$boots:$status:$(<"$out")" 2:3:input
# Six times as patient, where the kernel checks itself
case ${KV_KERNEL-} in debug | kcsan) patience=6 ;; *) patience=1 ;; esac
ok 'which is said' grep -q "has not started after $patience seconds: the guest is booted again" "$err"
hanging 2 cat < <(echo input)
ok 'and once more' is "$boots:$status:$(<"$out")" 3:3:input
hanging 3 --timeout 2 cat </dev/null
ok 'but no more often than that' is "$boots:$status" 3:125
hangs=0
hanging 2 cat < <(echo input)
ok 'so is one that goes off by then' is "$boots:$status:$(<"$out")" 3:3:input
hanging 3 cat </dev/null
ok 'three times, too' is "$boots:$status" 3:125

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
ok 'a terminal is a terminal there, with its size and TERM, and Ctrl-C interrupts COMMAND' \
	is "$shown" $'33 101\nvt100\nterminal\nready\n^Cinterrupted\n'
ok 'whose status is still the run'\''s' is $status 4
ok 'while a stderr that is none stays apart' is "$(<"$err")" /dev/ttyS1

ok 'no run has left anything in the folder for temporary files' is "$(ls -A "$TMPDIR")" ''

finish
