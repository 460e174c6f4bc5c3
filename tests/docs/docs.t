#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The commands, examples, links, figures and pictures of the documentation are correct. (readme.t, sessions.sh,
# in-kernel.sh and protocol.c replay its sessions; man.t checks the manual.)
set -u

cd "$(dirname "$0")/../.." || exit 1
tests/vm/here 'the examples are built for this machine' || exit 0
documents=(README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md docs/*.md)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

. tests/common/ok.bash
# is FILE COMMAND...: succeed if COMMAND prints the content of FILE
is() {
	local wanted=$1
	shift
	diff "$wanted" <("$@" 2>&1)
}

# Commands

# shown FILE: print the commands in its indented blocks, without comments
shown() {
	awk '/^```/ { fenced = !fenced } !fenced && /^    (make|sudo|prove|tests|bench)/' "$1" |
		sed -E 's/ +# .*//; s/^ *//; s/ +$//'
}
sed -n 's/ | .*//p' tests/docs/commands | grep -v '^#' | sort >"$scratch/known"
ok 'tests/docs/commands lists exactly the commands that the documents show' \
	is "$scratch/known" eval 'for file in "${documents[@]}"; do shown "$file"; done | sort -u'
by() { sed -n "s/^\([^#].*\) | $1$/\1/p" tests/docs/commands; }
[[ ${KV_NO_BUILD-} ]] || make -s guest </dev/null >&2 || exit 1
[[ ! ${KV_DOCS_LONG-} ]] || make -s build/kvbench build/count.so </dev/null >&2 || exit 1
while IFS= read -r command; do
	ok "the command works: $command" bash -c "KV_NO_BUILD=1 $command </dev/null"
done < <(by run; [[ ! ${KV_DOCS_LONG-} ]] || by long)
# Unset MAKEFLAGS, as this script may have been started by make.
while IFS='|' read -r command variables; do
	ok "the command works with less work: $command" env -u MAKEFLAGS bash -c "$command ${variables# short} </dev/null"
done < <([[ ! ${KV_DOCS_LONG-} ]] || grep '| short ' tests/docs/commands)
# does COMMAND FILE: succeed if FILE contains COMMAND, or reads the commands from README.md
does() { grep -qF -e "${1#sudo }" "$2" || grep -q README.md "$2"; }
while IFS='|' read -r command file; do
	ok "${file# } runs: ${command% }" does "${command% }" "${file# }"
done < <(grep -E '^[^#].* \| [^ ]*/[^ ]*$' tests/docs/commands)
# The targets of make named between backquotes
targets() { grep -ohE '`(sudo )?make [a-z][a-z-]*' "${documents[@]}" docs/man/*.scd | sed 's/.*make //' | sort -u; }
make help | awk '{ print $1 }' | sort >"$scratch/targets"
unknown() { ! targets | grep -vxFf "$scratch/targets"; }
ok 'make help lists each target that the documents name' unknown

# Blocks of sessions: the number in each file that the tests replay
for row in 'README.md console 0' 'README.md shell 1' 'docs/sessions.md console 2' 'docs/sessions.md shell 2' \
	'docs/in-kernel.md shell 7'; do
	read -r file fence number <<<"$row"
	ok "a test replays each session in $file ($fence)" \
		test "$(grep -c "^\`\`\`$fence$" "$file")" = "$number"
done

# Links

broken() {
	local file link
	for file in "${documents[@]}"; do
		grep -oE '\]\([^)#:]+' "$file" | sed 's/](//' | while IFS= read -r link; do
			[[ -e $(dirname "$file")/$link ]] || echo "$file: $link"
		done
	done
}
: >"$scratch/nothing"
ok 'all links between files work' is "$scratch/nothing" broken

# Figures: tables, plots, and the commands that make them, in a copy of the tree

tree=$scratch/tree
mkdir "$tree"
tar -c --exclude=./build --exclude=./.git . | tar -xC "$tree"
# measured COMMAND...: run COMMAND, a make, in the copy with the results of the baseline
measured() { env -u MAKEFLAGS "$@" "RESULT=$PWD/bench/baseline.tsv" -C "$tree" --no-print-directory -s; }
rows() { sed -nE 's/^([^#\t]+)\t([^\t]+)\t(.*)/| \1 | \2 | \3 |/p' bench/baseline.tsv; }
grep -E '^\| [^|]+ \| [0-9.]+ \| [0-9.-]+ \|$' docs/performance.md | grep -v '^| PUT' >"$scratch/rows"
ok 'the table of docs/performance.md matches bench/baseline.tsv' is "$scratch/rows" rows
grep -E '^\| .* \| (met|missed) \|$' docs/performance.md >"$scratch/targets.md"
# make bench-check fails if a target is missed.
compare_targets() {
	measured make bench-check 2>/dev/null |
		sed -nE 's/^(met|missed) +(.*[^ ]) +([0-9.]+) +\(at most ([0-9.]+)\)$/| \2 | \3 | \4 | \1 |/p'
}
ok 'the targets of docs/performance.md match the output of make bench-check' is "$scratch/targets.md" compare_targets
# Halve a target, so that it is missed.
fails_on_miss() { sed -i 's/\t1\.20$/\t0.60/' "$tree/bench/targets.tsv" && ! measured make bench-check; }
ok 'make bench-check fails if one is missed' fails_on_miss
baseline() { rm "$tree/bench/baseline.tsv" && measured make bench-baseline && cat "$tree/bench/baseline.tsv"; }
mkdir "$tree/build"
ok 'make bench-baseline writes bench/baseline.tsv' is bench/baseline.tsv baseline
plots() { rm -r "$tree/docs/plots" && measured make bench-plots && diff -r docs/plots "$tree/docs/plots"; }
[[ ! ${KV_DOCS_LONG-} ]] || ok 'docs/plots/ matches the output of make bench-plots' plots
timed() { tests/vm/run --with build/kvbench -- /kvbench --time --threads 2 --rows 'get 12*' | grep 'on 2 processors'; }
# make bench-host needs a kernel with the module, such as that of a guest.
needs_module() { [[ -e /sys/module/kvstore ]] || { ! make bench-host; } 2>&1 | grep 'kvstore is not loaded'; }
if [[ ${KV_DOCS_LONG-} ]]; then
	ok 'make bench-host reports that the module is not loaded' needs_module
	ok 'its program measures in a guest' timed
fi
figures() {
	local row
	for row in 'get 32/64' 'sysctl open/read/close' 'configfs open/read/close' 'keyctl search+read 32/64' \
		'bpf lookup 32/64' 'redis get 32/64'; do
		awk -F '\t' -v row="$row" '$1 == row { printf "%.0f\n", $2 }' bench/baseline.tsv
	done
}
grep '^| a get, in instructions' README.md | tr -d ' ' | tr '|' '\n' | grep -E '^[0-9]+$' >"$scratch/figures"
ok 'the figures of README.md match bench/baseline.tsv' is "$scratch/figures" figures
ok 'docs/session.svg is the output of docs/record' is docs/session.svg docs/record

# Examples

# section PAGE HEADING: print the example blocks of this section
section() {
	H=$2 awk '/^# / && !inside { on = $0 == ENVIRON["H"] } on && /^```/ { inside = !inside; next } on && inside' "docs/man/$1"
}
section kvstore.conf.5.scd '# EXAMPLES' | sed 's/\\\\/\\/g' >"$scratch/man.conf"
# In these sections, the output of a command follows it.
{
	section kvstore.conf.5.scd '# ERRORS'
	section kvsh.1.scd '# DECLARED KEYS'
} | sed 's/\\\\/\\/g' >"$scratch/errors"
section libkv.3.scd '# EXAMPLES' >"$scratch/example.c"
section kvsh.1.scd '# EXAMPLES' | sed 's/\\\\/\\/g' >"$scratch/examples"
ok 'the example of libkv(3) builds' cc -Wall -Werror -Iinclude -o "$scratch/example" "$scratch/example.c" build/libkv.a
tests/vm/run --with tests/common/tap.sh --with "$scratch/errors" --with "$scratch/man.conf" --with "$scratch/example" \
	--with "$scratch/examples" --with tests/docs/examples.sh -- sh examples.sh >"$scratch/guest"
sed -E "s/^(not )?ok [0-9]+/\1ok/; /^1\.\./d" "$scratch/guest"
count=$((count + $(grep -cE '^(not )?ok' "$scratch/guest")))
ok 'the test in the guest ran to its end' grep -q '^1\.\.' "$scratch/guest"
finish
