# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with ./run
#
# state.bash - save a guest that has just booted, and resume others from it; a part of ./run.
#
# A saved state is a folder below KV_CACHE: `memory`, the guest's memory; `stream`, all else that QEMU saves;
# `log`, what the kernel had said. QEMU's memory is that file while the state is saved, so the stream need not
# hold it (x-ignore-shared); later guests map it privately, each with its own changes, and never write to it.
# What is saved is ./init at the point where it waits for its settings: busybox and drivers are there, nothing
# of ours is. Programs, modules, files and settings come by a port after the guest is resumed, so a state lasts
# until the kernel, QEMU, busybox or the rig itself changes, or this machine is booted: the folder's name is a sum of that.
# A state is made in a folder of another name and then renamed; it never changes. One run at a time makes one,
# others wait. A guest that cannot be saved or resumed is booted in full, whatever the reason.

states_kept=6
export state=''	# for the shell that QEMU starts

# can_resume: may this run's guest come from a saved state?
can_resume() {
	[[ ! ${KV_VM_BOOT-}${KV_VM_APPEND-}${KV_VM_COUNTS-}$terminal && $usual ]] &&
		[[ $machine == amd64 && $kernel != kcsan && $accel == tcg && -e $work/system/rig/reseed ]]
}

# sum_of_state: of everything that is in a saved guest, or decides how it runs
sum_of_state() {
	{
		echo "$kernel $append $smp $memory $cpu"
		stat -Lc '%n %s %Y' "$(command -v "$emulator")"
		cat /proc/sys/kernel/random/boot_id	# the rate of the clock that the guest has measured
		cat "$vmlinuz" "$here/run" "$here/state.bash"
		cd "$work/system" && find . -type f -print0 | sort -z | xargs -0 b2sum
	} | b2sum -l 80 | cut -d ' ' -f 1
}

# Set state to the folder to resume from, and hold it against pruning; or to nothing.
find_state() {
	local states=$cache/states
	state=''
	can_resume && mkdir -p "$states" 2>/dev/null || return 0
	find "$states" -maxdepth 1 -name '*.failed' -mmin +60 -delete 2>/dev/null
	state=$states/$(sum_of_state)
	if [[ ! -e $state/stream && ! -e $state.failed ]]; then
		make_state "$state" &
		children=($!)
		wait $!
		children=()
	fi
	{ exec {held_state}<"$state/stream"; } 2>/dev/null &&
		flock -sn "$held_state" && touch "$state/stream" || state=''
}

# make_state FOLDER, in a shell of its own, unless another run has done so when it is this one's turn. A guest may
# die of the emulator here too.
make_state() {
	local made=$1 states=${1%/*} why=''
	trap discard_state EXIT
	trap 'exit 143' HUP TERM
	state=''
	exec {lock}>"$states/lock" || return
	until flock -w 1 "$lock"; do :; done	# a signal does not wait for longer than that
	[[ ! -e $made/stream && ! -e $made.failed ]] || return
	rm -rf "$states"/new.*	# of runs that were killed
	for _ in 1 2 3; do
		state=$(mktemp -d "$states/new.XXXXXX") || return
		if save_state 2>"$state/errors"; then
			mv -T "$state" "$made" && state=''
			prune_states "$states"
			return
		fi
		why=$(cat "$state"/{errors,qemu,monitor.out} 2>/dev/null | tail -n 1)
		discard_state
	done
	printf 'run: %s\n' "guests are booted in full, as none could be saved to resume others from: $why" >&2
	: >"$made.failed"
}

discard_state() {
	[[ ! ${qemu-} ]] || stop
	[[ ! $state ]] || rm -rf "$state"
	qemu='' state=''
}

# Boot a guest in the folder $state, and save it there when it is ready.
save_state() {
	"$here/initramfs" pack "$work/system" >"$state/initrd" || return
	local work=$state timeout=$patience in_pipe out_pipe err_pipe files monitor said
	mkfifo "$work"/{stdin,files.in,monitor.in} || return
	touch "$work"/{files,monitor}.out
	exec {in_pipe}<>"$work/stdin" {files}<>"$work/files.in" {monitor}<>"$work/monitor.in" {out_pipe}>/dev/null
	err_pipe=$out_pipe
	start save
	read -r said <&"$control" && [[ $said == ready ]] || return
	sleep 1		# by then it waits, and so does all that booting has set off
	printf '%s\n' 'migrate_set_capability x-ignore-shared on' 'migrate "exec:cat >$state/stream"' \
		'info migrate' quit >&"$monitor"
	wait "$qemu"
	qemu=''
	grep -q 'Migration status: completed' "$work/monitor.out" || return
	sync "$work"/{memory,stream,log} || return
	rm -f "$work"/{stdin,initrd,qemu,errors,{files,monitor}.{in,out}}
}

# prune_states FOLDER: keep those that were used last, and those that guests are using
prune_states() {
	find "$1" -mindepth 2 -maxdepth 2 -name stream -printf '%T@ %p\n' | sort -rn | tail -n +$((states_kept + 1)) |
		while read -r _ stream; do
			flock -n "$stream" rm -rf "${stream%/*}"
		done
}

# What QEMU needs to be told besides what it is told for any guest, to save a state or to resume from one
state_words() {
	local share=off
	[[ $1 != save ]] || share=on
	words+=(-object "memory-backend-file,id=ram,size=${memory}M,mem-path=$state/memory,share=$share"
		-chardev "pipe,id=files,path=$work/files" -device 'virtserialport,nr=2,chardev=files'
		-chardev "pipe,id=monitor,path=$work/monitor" -mon chardev=monitor)
	[[ $1 == save ]] || words+=(-incoming defer)
}

# What a guest that is resumed reads, and what its QEMU does
prepare_resume() {
	cp "$state/log" "$work/log"
	touch "$work"/{files,monitor}.out
	printf '%s\n' 'migrate_set_capability x-ignore-shared on' 'migrate_incoming "exec:cat <$state/stream"' \
		>"$work/monitor.in"
}

# Of a state that no guest could be resumed from: it is made anew, but one that never was of use not soon.
drop_state() {
	[[ -e $state/used ]] || : >"$state.failed"
	rm -rf "$state"
	state=''
} 2>/dev/null
