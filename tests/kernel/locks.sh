# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Reads take no lock. The function graph tracer records each locking function, and whether a function of
# the module called it, directly or not. Puts show that the tracer would record a lock.
# One processor: when the tracer patches a function under QEMU, two processors can see different code for
# a moment. 7.3 then crashes at a breakpoint that it does not know.
# guest: --smp 1 --here 'the names of the traced functions are those of x86'
# guest debug|kcsan: --skip 'the kernel has no function tracer'
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /sys/kernel/tracing || exit

# Functions that are not traced, nor anything that they call: interrupts and rescheduling take locks of their
# own. Not every kernel has every name. A preemptible kernel, such as Debian's from 7.x on, may switch to
# another task after any interrupt.
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
# shellcheck disable=SC2086 # one function per word
printf '%s\n' $between >set_graph_notrace
# shellcheck disable=SC2086
filter nf_getsockopt nf_setsockopt :mod:kvstore $between '*mutex*lock*' '_raw_*lock*' 'down*' '*rwsem*' \
	'rt_*lock*' '*queued_*lock*' '*percpu_down*' '*lock_sock*'

# Print the trace as "CALLS calls, LOCKS locks". A line is `CPU) FLAGS | DURATION | indented function() {`.
# Calls with interrupts off (d) are part of an interrupt, since readers do not disable interrupts. Locks that
# the kernel takes around the handler are counted in a note.
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

# traced COMMAND...: run it and print the locks that it takes
traced() {
	echo >trace
	"$@" && locks
}

module_reads() {
	echo 1 >tracing_on
	cat /sys/module/bench_reads/parameters/get >/dev/null
	echo 0 >tracing_on
}

# many_calls [LOCKS]: true if stdin reports at least 100 calls, with at least LOCKS locks a call (default: none)
many_calls() { awk -v per_call="${1:-0}" '{ exit !($1 >= 100 && (per_call ? $3 >= $1 * per_call : !$3)) }'; }

traced calls put 100 >/tmp/puts
t 'the trace shows the locks of a put'  0 '' many_calls 2 </tmp/puts
t 'a get takes no lock'                 0 '1000 calls, 0 locks' traced calls get 1000
echo "$stderr"
t 'a get of a missing key takes no lock' 0 '1000 calls, 0 locks' traced calls miss 1000
insmod /bench_reads.ko rounds=1000
traced module_reads >/tmp/reads
t 'in-kernel reads take no lock'        0 '' many_calls </tmp/reads
finish
