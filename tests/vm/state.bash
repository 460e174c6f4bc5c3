# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared with ./run
#
# state.bash - save a guest that has just booted, and resume other guests from that state; sourced by ./run.
#
# A saved state is a folder in KV_CACHE: `memory`, the guest's memory; `stream`, the rest of what QEMU saves;
# `log`, the kernel's log until then. While the state is saved, QEMU uses the file `memory` as the guest's memory, so
# the stream does not contain it (x-ignore-shared). Resumed guests map the file privately and never write to it.
#
# The guest is saved when ./init waits for its settings. It has busybox and drivers by then, but nothing of kvstore:
# programs, modules, files and settings arrive by a virtio port after the guest is resumed. So a state is valid until
# the kernel, QEMU, busybox, ./init, ./run or this file changes, or this machine is rebooted: the folder's name is a
# hash of all of these.
#
# A state is made in a temporary folder, which is then renamed; after that it never changes. Only one run at a time
# makes a state, and others wait for it. If a guest cannot be saved or resumed, guests are booted in full.

states_kept=6
export state=''	# QEMU's exec: commands use it

# True if the options of this run allow it to resume a saved state.
can_resume() {
	[[ ! ${KV_VM_BOOT-}${KV_VM_APPEND-}${KV_VM_COUNTS-}$terminal && $usual ]] &&
		[[ $machine == amd64 && $kernel != kcsan && $accel == tcg && -e $work/system/rig/reseed ]]
}

# Print a hash of everything that a saved guest contains or depends on.
hash_state() {
	{
		echo "$kernel $append $smp $memory $cpu"
		stat -Lc '%n %s %Y' "$(command -v "$emulator")"
		cat /proc/sys/kernel/random/boot_id	# the guest has measured the rate of its clock
		cat "$vmlinuz" "$here/run" "$here/state.bash"
		cd "$work/system" && find . -type f -print0 | sort -z | xargs -0 b2sum
	} | b2sum -l 80 | cut -d ' ' -f 1
}

# Set `state` to the folder of a saved state, made if necessary, and lock it against pruning. Set it to '' if the
# guest must boot in full.
find_state() {
	local states=$cache/states
	state=''
	can_resume && mkdir -p "$states" 2>/dev/null || return 0
	find "$states" -maxdepth 1 -name '*.failed' -mmin +60 -delete 2>/dev/null
	state=$states/$(hash_state)
	if [[ ! -e $state/stream && ! -e $state.failed ]]; then
		make_state "$state" &
		children=($!)
		wait $!
		children=()
	fi
	{ exec {held_state}<"$state/stream"; } 2>/dev/null &&
		flock -sn "$held_state" && touch "$state/stream" || state=''
}

# make_state FOLDER: make the state unless another run has made it meanwhile; runs in a subshell. Try three times,
# as a boot under TCG may fail.
make_state() {
	local made=$1 states=${1%/*} why=''
	trap discard_state EXIT
	trap 'exit 143' HUP TERM
	state=''
	exec {lock}>"$states/lock" || return
	until flock -w 1 "$lock"; do :; done	# handle signals every second
	[[ ! -e $made/stream && ! -e $made.failed ]] || return
	rm -rf "$states"/new.*	# left by runs that were killed
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
	printf 'run: %s\n' "booting guests in full, because the state of a guest could not be saved: $why" >&2
	: >"$made.failed"
}

discard_state() {
	[[ ! ${qemu-} ]] || stop_qemu
	[[ ! $state ]] || rm -rf "$state"
	qemu='' state=''
}

# Boot a guest and save its state in the folder $state.
save_state() {
	"$here/initramfs" pack "$work/system" >"$state/initrd" || return
	local work=$state timeout=$patience in_pipe out_pipe err_pipe files monitor said
	mkfifo "$work"/{stdin,files.in,monitor.in} || return
	touch "$work"/{files,monitor}.out
	exec {in_pipe}<>"$work/stdin" {files}<>"$work/files.in" {monitor}<>"$work/monitor.in" {out_pipe}>/dev/null
	err_pipe=$out_pipe
	start_qemu save
	read -r said <&"$control" && [[ $said == ready ]] || return
	sleep 1		# until init waits for its settings and the kernel's work after the boot is done
	printf '%s\n' 'migrate_set_capability x-ignore-shared on' 'migrate "exec:cat >$state/stream"' \
		'info migrate' quit >&"$monitor"
	wait "$qemu"
	qemu=''
	grep -q 'Migration status: completed' "$work/monitor.out" || return
	sync "$work"/{memory,stream,log} || return
	rm -f "$work"/{stdin,initrd,qemu,errors,{files,monitor}.{in,out}}
}

# prune_states FOLDER: remove all states but those used last and those in use.
prune_states() {
	find "$1" -mindepth 2 -maxdepth 2 -name stream -printf '%T@ %p\n' | sort -rn | tail -n +$((states_kept + 1)) |
		while read -r _ stream; do
			flock -n "$stream" rm -rf "${stream%/*}"
		done
}

# add_state_arguments HOW: add the arguments of QEMU that save a state or resume from one; HOW is save or resume.
add_state_arguments() {
	local share=off
	[[ $1 != save ]] || share=on
	arguments+=(-object "memory-backend-file,id=ram,size=${memory}M,mem-path=$state/memory,share=$share"
		-chardev "pipe,id=files,path=$work/files" -device 'virtserialport,nr=2,chardev=files'
		-chardev "pipe,id=monitor,path=$work/monitor" -mon chardev=monitor)
	[[ $1 == save ]] || arguments+=(-incoming defer)
}

# Copy the state's log, and write the monitor commands that QEMU runs to load the state.
prepare_resume() {
	cp "$state/log" "$work/log"
	touch "$work"/{files,monitor}.out
	printf '%s\n' 'migrate_set_capability x-ignore-shared on' 'migrate_incoming "exec:cat <$state/stream"' \
		>"$work/monitor.in"
}

# Remove a state that cannot be resumed. The next run makes a new one, unless no guest was ever resumed from this one:
# then no state is made for an hour.
reject_state() {
	[[ -e $state/used ]] || : >"$state.failed"
	rm -rf "$state"
	state=''
} 2>/dev/null
