#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/in-kernel.md is correct: its C is part of sources that are built, its Makefile builds a module, and
# its counts match docs/compare. (in-kernel.sh replays its sessions.)
set -u

cd "$(dirname "$0")/../.." || exit 1
kernel=${KV_KERNEL:-6.1}
cache=${KV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kvstore}
[[ ${KV_NO_BUILD-} ]] || make -s guest KERNEL="$kernel" </dev/null >&2 || exit 1
document=docs/in-kernel.md
built=build/$kernel
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

. tests/common/ok.bash
# block FENCE N: print the content of the Nth block fenced with ```FENCE
block() {
	awk -v fence="$1" -v wanted="$2" '
		/^```/ { inside = $0 == "```" fence; n += inside; next }
		inside && n == wanted' $document
}

# Snippets

# Print the sources that have been built for the kernel.
sources() {
	local object source
	while IFS= read -r object; do
		source=${object#"$built"/}
		[[ ! -e ${source%.o}.c ]] || echo "${source%.o}.c"
	done < <(find "$built" -name '*.o')
}
mapfile -t built_sources < <(sources)
# is_built FILE: succeed if one of these sources contains the whole lines of FILE
is_built() {
	cat "$1"
	perl -0e 'my $text = "\n" . <STDIN>; for (<>) { exit 0 if index($_, $text) >= 0 } exit 1' \
		"${built_sources[@]}" <"$1"
}
ok 'there are more than ten sources' test "${#built_sources[@]}" -gt 10
for ((n = 1; ; n++)); do
	block c $n >"$scratch/snippet"
	[[ -s $scratch/snippet ]] || break
	ok "snippet $n is part of a source that is built" is_built "$scratch/snippet"
done
ok 'there are ten snippets or more' test $n -gt 10

# A module outside of this tree

mkdir "$scratch/own"
block make 1 >"$scratch/own/Makefile"
cp tests/modules/snippets.c "$scratch/own/mymodule.c"
own() {
	tests/vm/inside "$cache/$kernel" make -s -C "$scratch/own" KDIR="$cache/$kernel/build" KVSTORE="$PWD" CONFIG_DEBUG_INFO_BTF_MODULES= "$@" </dev/null
}
depends() { tr '\0' '\n' <"$scratch/own/mymodule.ko" | grep -ax 'depends=kvstore'; }
undefined() {
	! own KVSTORE_BUILD="$scratch" >"$scratch/output" 2>&1 && grep -E "[\"']kv_[a-z0-9_]+[\"'].*undefined" "$scratch/output"
}
touch "$scratch/Module.symvers"
ok 'without Module.symvers of kvstore its symbols are undefined' undefined
ok 'the Makefile builds a module outside of this tree' own KVSTORE_BUILD="$PWD/$built"
ok 'the module depends on kvstore' depends

# The comparison

docs/compare >"$scratch/counts"
same_counts() {
	diff <(awk '/^\| \| the module \|/ { inside = 1 } !/^\|/ { inside = 0 } inside' $document) "$scratch/counts"
}
ok 'the counts match docs/compare' same_counts
ok 'there are three rows of counts' test "$(grep -c '| [0-9]* | [0-9]* |' "$scratch/counts")" = 3

finish
