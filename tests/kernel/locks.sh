# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Readers take no lock. The kernel traces every function that takes one, and whether that was below a
# function of the module: so there are neither locks of ours nor of what we call. Puts show that they
# would be seen.
# One processor: QEMU has two see different code for a moment where the tracer is put into a function that
# both run, and 7.3 then dies of a breakpoint that is nobody's.
# guest: --smp 1 --here 'the functions that are traced are those of a PC'
# guest debug|kcsan: --skip 'the kernel has no function tracer'
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /sys/kernel/tracing || exit

# Cut out, with all that is below them: what comes between has locks of its own. Not every kernel has every name;
# one that can be preempted, as Debian's are from 7.x on, may turn to another task after any interrupt.
between=$(grep -xE 'irq_exit_rcu|__do_softirq|handle_softirqs|__?cond_resched|preempt_schedule_irq' \
	available_filter_functions)
filter() {
	for function; do
		echo "$function" >>set_ftrace_filter || exit
	done
}
echo 0 >tracing_on
echo function_graph >current_tracer
echo nofuncgraph-irqs >trace_options
echo latency-format >trace_options
echo 2048 >buffer_size_kb
printf '%s\n' nf_getsockopt nf_setsockopt kv_get_bytes >set_graph_function
# shellcheck disable=SC2086 # one per word
printf '%s\n' $between >set_graph_notrace
# shellcheck disable=SC2086
filter nf_getsockopt nf_setsockopt :mod:kvstore $between '*mutex*lock*' '_raw_*lock*' 'down*' '*rwsem*' \
	'rt_*lock*' '*queued_*lock*' '*percpu_down*' '*lock_sock*'

# What was traced: "CALLS calls, LOCKS locks". A line is `CPU) FLAGS | DURATION | indented function() {`. What
# is called with interrupts off (d) belongs to one: readers do not turn them off. Others than ours, which the
# kernel takes around the handler, come in a note.
locks() {
	awk -F '|' '
		NF < 3 || $1 ~ / d/ { next }
		{ $0 = $3 }
		/^ *\}/ { if (index($0, "}") == inside) inside = 0; next }
		!NF || !/\(/ { next }
		{ indent = match($0, /[^ ]/) }
		/^  (nf_|kv_get_bytes)/ { calls++; inside = 0 }
		/\[kvstore\]\(\) \{/ && !inside { inside = indent }
		/(lock|down)/ && !/unlock|kvstore/ { inside ? ours++ : around++ }
		END {
			printf "%d calls, %d locks\n", calls, ours
			printf "# around them, the kernel took %d\n", around >"/tmp/around"
		}' trace
	cat /tmp/around >&2
}

# traced COMMAND...: the locks that it takes
traced() {
	echo >trace
	"$@" && locks
}

module_reads() {
	echo 1 >tracing_on
	cat /sys/module/bench_reads/parameters/get >/dev/null
	echo 0 >tracing_on
}

# many_calls [LOCKS]: 100 calls or more are told on stdin, and LOCKS or more for each of them; or none
many_calls() { awk -v per_call="${1:-0}" '{ exit !($1 >= 100 && (per_call ? $3 >= $1 * per_call : !$3)) }'; }

traced calls put 100 >/tmp/puts
t 'a put takes locks, and that is seen' 0 '' many_calls 2 </tmp/puts
t 'a get takes none'                    0 '1000 calls, 0 locks' traced calls get 1000
echo "$stderr"
t 'nor one of a key that is missing'    0 '1000 calls, 0 locks' traced calls miss 1000
insmod /bench_reads.ko rounds=1000
traced module_reads >/tmp/reads
t 'nor do those of a module'            0 '' many_calls </tmp/reads
finish
