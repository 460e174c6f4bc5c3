#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual says what the tables, the headers and the module say: no word of theirs is missing in it,
# and no command or option is there that they do not have.
set -u

cd "$(dirname "$0")/.." || exit 1
[[ ${KV_NO_BUILD-} ]] || make -s build/kvsh </dev/null >&2 || exit 1
kvsh=build/kvsh
pages=docs/man
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

count=0
# same NAME FOUND EXPECTED: one line of TAP
same() {
	count=$((count + 1))
	if [[ $2 == "$3" && -n $3 ]]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		diff -U 0 --label expected --label found <(echo "$3") <(echo "$2") | sed 's/^/# /'
	fi
}
# holds NAME TEXT: each line of stdin is in TEXT, and there is one
holds() {
	local line wanted='' found=''
	while IFS= read -r line; do
		wanted+=$line$'\n'
		[[ $2 != *"$line"* ]] || found+=$line$'\n'
	done
	same "$1" "$found" "$wanted"
}
# section PAGE HEADING: what stands below a heading, up to the next one
section() { H=$2 awk '/^#+ / { on = $0 == ENVIRON["H"]; next } on' "$pages/$1"; }
# words: text with single spaces between its words
words() { tr -s ' \t\n' ' '; }
# options: of a help on stdin, as the pages write them
options() {
	sed -nE '/^Options/,/^$/ s/^  ([ -].) ?(, |  )?--([a-z-]+)( ([A-Z]+))?  .*/\1|\3|\5/p' |
		sed -E 's/^ +\|/|/; s/^(-.),?\|/*\1*, |/; s/\|([^|]*)\|/*--\1*/; s/\*([A-Z]+)$/* _\1_/'
}

# Each page is well-formed

same 'every page has its section in its name, and there are four' \
	"$(cd $pages && echo *.scd)" 'kvsh.1.scd kvstore.7.scd kvstore.conf.5.scd libkv.3.scd'
for source in "$pages"/*.scd; do
	page=$(basename "$source" .scd)
	same "$page is made by scdoc" "$(scdoc <"$source" 2>&1 >"$scratch/$page" && echo made)" made
	if ! command -v groff >/dev/null; then
		echo "ok $((++count)) - $page # SKIP there is no groff"
		continue
	fi
	same "$page has nothing that groff warns of" \
		"$(groff -t -man -ww -z -Tutf8 "$scratch/$page" 2>&1; echo end)" end
	# scdoc takes an underscore within a word for itself: a reader shall see no markup
	same "$page shows no markup" "$(groff -t -man -Tascii -P-c -P-b -P-u "$scratch/$page" 2>&1 |
		grep -E '(\*[a-zA-Z-]+\*|_[A-Z]+_)([^A-Za-z0-9]|$)'; echo end)" end
done

# kvsh(1) and the help

$kvsh help >"$scratch/help"
mapfile -t commands < <(sed -nE '/^Commands:/,/^$/ s/^  ([a-z]+).*/\1/p' "$scratch/help")
usages=$(for command in "${commands[@]}"; do
	$kvsh help "$command" | sed -n '1s/^Usage: \([a-z]*\) \[OPTION\]\.\.\./\1/p'
done)
same 'kvsh.1 has each command with its arguments, in the order of the help, and no other' \
	"$(sed -n '/^# COMMANDS/,/^# / s/^## //p' $pages/kvsh.1.scd)" "$usages"
while IFS= read -r usage; do
	command=${usage%% *}
	text=$(section kvsh.1.scd "## $usage")
	same "kvsh.1 has each option of $command, and no other" \
		"$(grep -E '^\*-' <<<"$text"; echo '*-h*, *--help*')" "$($kvsh help "$command" | options)"
	aliases=$($kvsh help "$command" | sed -nE 's/^Also:  //p' | sed -E 's/[a-z]+/*&*/g')
	same "kvsh.1 has each alias of $command, and no other" \
		"Also$(words <<<"$text" | sed -nE 's/.*Also( [a-z*, ]+)\..*/\1/p')" "Also${aliases:+ $aliases}"
done <<<"$usages"
same 'kvsh.1 has each option of kvsh, and no other' \
	"$(section kvsh.1.scd '# OPTIONS' | grep '^\*-')" "$(options <"$scratch/help")"

statuses=$(sed -nE '/^Exit status:/,$ s/^  ([0-9]+)  (.*)/*\1* \2/p' "$scratch/help")
holds 'kvsh.1 has each exit status with its meaning' \
	"$(section kvsh.1.scd '# EXIT STATUS' | words)" <<<"$statuses"
same 'and no other' "$(section kvsh.1.scd '# EXIT STATUS' | grep -oE '^\*[0-9]+\*')" \
	"$(grep -oE '^\*[0-9]+\*' <<<"$statuses")"
holds 'kvsh.1 has each variable of the environment' "$(section kvsh.1.scd '# ENVIRONMENT')" < <(
	sed -n '/^Environment:/,/^$/p' "$scratch/help" | grep -oE '\b[A-Z_]{4,}\b' | sed 's/.*/*&*/')
holds 'kvsh.1 has each variable that watch --exec sets' "$(section kvsh.1.scd '# WATCHING')" < <(
	$kvsh help watch | grep -oE '\bKV_[A-Z]+\b' | sort -u | sed 's/.*/*&*/')

# kvstore.conf(5) and the service

same 'kvstore.conf.5 has each setting of kvstore.service with its default, and no other' \
	"$(section kvstore.conf.5.scd '# AT BOOT' | grep '^\*')" \
	"$(sed -nE 's/^([A-Z_]+)=(.*)/*\1* (\2)/p' packaging/default/kvstore)"
holds 'and each file that the service reads or writes' "$(section kvstore.conf.5.scd '# FILES')" < <(
	cat packaging/systemd/{load,save} packaging/systemd/*.in | sed 's/${STATE_DIRECTORY:-\([^}]*\)}/\1/' |
		grep -v '^ *#' | grep -oE '/(etc|var/lib)/[a-z/*.]+[a-z]' | sort -u | sed 's/\*/\\*/; s/.*/_&_/')

# libkv(3) and kv.h

# Each declaration on a line, with single spaces
declarations=$(sed '/^#/d; s/^ \*.*//; s/^\/\*.*//; /^extern "C"/d' include/kv.h | words |
	grep -oE '[a-z][^;{}]*\bkv_[a-z_]+\([^;{}]*\);' | sed 's/^ *//')
holds 'libkv.3 has each declaration of kv.h' \
	"$(section libkv.3.scd '# SYNOPSIS' | words | sed 's/( /(/g')" <<<"$declarations"
same 'and each function of kv.h has its paragraph there, and no other has one' \
	"$(section libkv.3.scd '# DESCRIPTION' | grep -E '^\*kv_' | grep -oE 'kv_[a-z_]+' | sort)" \
	"$(grep -v '^typedef' <<<"$declarations" | grep -oE '\bkv_[a-z_]+\(' | tr -d '(' | sort)"

# kvstore(7), the module and kv_proto.h

same 'kvstore.7 has each parameter of the module with its default, and no other' \
	"$(section kvstore.7.scd '# PARAMETERS' | grep '^\*')" \
	"$(sed -nE 's/^MODULE_PARM_DESC\(([a-z_]+), .*\(default ([^)]*)\)"\);/*\1* (\2)/p' \
		kernel/kvstore/main.c)"
same 'that is, each that it has' "$(section kvstore.7.scd '# PARAMETERS' | grep -c '^\*')" \
	"$(grep -cE '^module_param' kernel/kvstore/main.c)"
same 'kvstore.7 has each word of kv_proto.h, as the call that it belongs to, and no other' \
	"$(section kvstore.7.scd '# WORDS' | grep '^\*KV_SO_')" \
	"$(sed -nE '/^enum kv_(set|get)_word/,/^}/ {
		s/^enum kv_(set|get)_word.*/\1/p; s/^\t(KV_SO_[A-Z]+)( = .*)?,$/\1/p }' include/kv_proto.h |
		awk '/^[a-z]/ { call = $1; next } { print "*" $1 "* (" call ")" }')"
holds 'kvstore.7 explains each error that kv_proto.h names' \
	"$(section kvstore.7.scd '# ERRORS')
$(section kvstore.7.scd '# THE WATCH DESCRIPTOR')" < <(
	grep -oE '\bE[A-Z]{3,}\b' include/kv_proto.h | sort -u | sed 's/.*/*&*/')
holds 'kvstore.7 has each message of the module' \
	"$(section kvstore.7.scd '# MESSAGES' | words)" < <(
	cat kernel/kvstore/*.c kernel/kvstore/params/*.c | words | grep -oE 'pr_[a-z]+\("[^%"]*' | sed 's/^[^"]*"//')

echo "1..$count"
