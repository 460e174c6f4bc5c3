#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the documentation shows is so: its commands, its examples, its links, its figures, its picture.
# (readme.t, sessions.sh, in-kernel.sh and protocol.c do the sessions; man.t compares the manual.)
set -u

cd "$(dirname "$0")/../.." || exit 1
tests/vm/here 'the examples are built for this machine' || exit 0
documents=(README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md docs/*.md)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

. tests/common/ok.bash
# is FILE COMMAND...: what COMMAND prints is the text of FILE
is() {
	local wanted=$1
	shift
	diff "$wanted" <("$@" 2>&1)
}

# Commands

# shown FILE: those of its indented blocks, without what is said of them
shown() {
	awk '/^```/ { fenced = !fenced } !fenced && /^    (make|sudo|prove|tests|bench)/' "$1" |
		sed -E 's/ +# .*//; s/^ *//; s/ +$//'
}
sed -n 's/ | .*//p' tests/docs/commands | grep -v '^#' | sort >"$scratch/known"
ok 'each command that is shown is one of tests/docs/commands, and none of those is another' \
	is "$scratch/known" eval 'for file in "${documents[@]}"; do shown "$file"; done | sort -u'
by() { sed -n "s/^\([^#].*\) | $1$/\1/p" tests/docs/commands; }
[[ ${KV_NO_BUILD-} ]] || make -s guest </dev/null >&2 || exit 1
[[ ! ${KV_DOCS_LONG-} ]] || make -s build/kvbench build/count.so </dev/null >&2 || exit 1
while IFS= read -r command; do
	ok "it works: $command" bash -c "KV_NO_BUILD=1 $command </dev/null"
done < <(by run; [[ ! ${KV_DOCS_LONG-} ]] || by long)
# Without the variables of the make that runs this
while IFS='|' read -r command variables; do
	ok "it works, made short: $command" env -u MAKEFLAGS bash -c "$command ${variables# short} </dev/null"
done < <([[ ! ${KV_DOCS_LONG-} ]] || grep '| short ' tests/docs/commands)
# A file holds the command itself, or does those that stand in README.md.
does() { grep -qF -e "${1#sudo }" "$2" || grep -q README.md "$2"; }
while IFS='|' read -r command file; do
	ok "${file# } does: ${command% }" does "${command% }" "${file# }"
done < <(grep -E '^[^#].* \| [^ ]*/[^ ]*$' tests/docs/commands)
# In the text, between backquotes
targets() { grep -ohE '`(sudo )?make [a-z][a-z-]*' "${documents[@]}" docs/man/*.scd | sed 's/.*make //' | sort -u; }
make help | awk '{ print $1 }' | sort >"$scratch/targets"
unknown() { ! targets | grep -vxFf "$scratch/targets"; }
ok 'make has each target that the text names' unknown

# Blocks of sessions: as many as are done again by a test
for row in 'README.md console 0' 'README.md shell 1' 'docs/sessions.md console 2' 'docs/sessions.md shell 2' \
	'docs/in-kernel.md shell 7'; do
	read -r file fence number <<<"$row"
	ok "there is no session in $file that no test does ($fence)" \
		test "$(grep -c "^\`\`\`$fence$" "$file")" = "$number"
done

# Links, figures, the picture

broken() {
	local file link
	for file in "${documents[@]}"; do
		grep -oE '\]\([^)#:]+' "$file" | sed 's/](//' | while IFS= read -r link; do
			[[ -e $(dirname "$file")/$link ]] || echo "$file: $link"
		done
	done
}
: >"$scratch/nothing"
ok 'no link leads nowhere' is "$scratch/nothing" broken

# What was measured: the tables, the pictures, and the commands that make them, on a copy of the tree

tree=$scratch/tree
mkdir "$tree"
tar -c --exclude=./build --exclude=./.git . | tar -xC "$tree"
# measured COMMAND...: what it does with what the baseline was made of
measured() { env -u MAKEFLAGS "$@" "RESULT=$PWD/bench/baseline.tsv" -C "$tree" --no-print-directory -s; }
rows() { sed -nE 's/^([^#\t]+)\t([^\t]+)\t(.*)/| \1 | \2 | \3 |/p' bench/baseline.tsv; }
grep -E '^\| [^|]+ \| [0-9.]+ \| [0-9.-]+ \|$' docs/performance.md | grep -v '^| PUT' >"$scratch/rows"
ok 'the table of docs/performance.md is that of bench/baseline.tsv' is "$scratch/rows" rows
grep -E '^\| .* \| (met|missed) \|$' docs/performance.md >"$scratch/targets.md"
# make bench-check fails where a target is missed
reached() {
	measured make bench-check 2>/dev/null |
		sed -nE 's/^(met|missed) +(.*[^ ]) +([0-9.]+) +\(at most ([0-9.]+)\)$/| \2 | \3 | \4 | \1 |/p'
}
ok 'its targets are what make bench-check says' is "$scratch/targets.md" reached
# A target that is half of what was reached
does_miss() { sed -i 's/\t1\.20$/\t0.60/' "$tree/bench/targets.tsv" && ! measured make bench-check; }
ok 'which fails where one is missed' does_miss
baseline() { rm "$tree/bench/baseline.tsv" && measured make bench-baseline && cat "$tree/bench/baseline.tsv"; }
mkdir "$tree/build"
ok 'make bench-baseline writes what was measured' is bench/baseline.tsv baseline
plots() { rm -r "$tree/docs/plots" && measured make bench-plots && diff -r docs/plots "$tree/docs/plots"; }
[[ ! ${KV_DOCS_LONG-} ]] || ok 'docs/plots/ is what make bench-plots draws' plots
timed() { tests/vm/run --with build/kvbench -- /kvbench --time --threads 2 --rows 'get 12*' | grep 'on 2 processors'; }
# make bench-host is for a machine whose kernel has the module: a guest's has
tells() { [[ -e /sys/module/kvstore ]] || { ! make bench-host; } 2>&1 | grep 'kvstore is not loaded'; }
if [[ ${KV_DOCS_LONG-} ]]; then
	ok 'make bench-host says where there is no module' tells
	ok 'and its program measures where there is one' timed
fi
figures() {
	local row
	for row in 'get 32/64' 'sysctl open/read/close' 'configfs open/read/close' 'keyctl search+read 32/64' \
		'bpf lookup 32/64' 'redis get 32/64'; do
		awk -F '\t' -v row="$row" '$1 == row { printf "%.0f\n", $2 }' bench/baseline.tsv
	done
}
grep '^| a get, in instructions' README.md | tr -d ' ' | tr '|' '\n' | grep -E '^[0-9]+$' >"$scratch/figures"
ok 'the figures of README.md are those of bench/baseline.tsv' is "$scratch/figures" figures
ok 'docs/session.svg is what docs/record makes' is docs/session.svg docs/record

# Examples

# section PAGE HEADING: its example blocks
section() {
	H=$2 awk '/^# / && !inside { on = $0 == ENVIRON["H"] } on && /^```/ { inside = !inside; next } on && inside' "docs/man/$1"
}
section kvstore.conf.5.scd '# EXAMPLES' | sed 's/\\\\/\\/g' >"$scratch/man.conf"
# What commands print stands behind them, up to the next one
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
ok 'the guest comes to its end' grep -q '^1\.\.' "$scratch/guest"
finish
