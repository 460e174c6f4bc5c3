#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages match the tables of kvsh, the headers and the module: they have all commands, options, functions,
# errors and messages, and no others.
set -u

cd "$(dirname "$0")/../.." || exit 1
[[ ${KV_NO_BUILD-} ]] || make -s build/kvsh man </dev/null >&2 || exit 1
kvsh=build/kvsh
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
# The pages with the marker lines filled in by make
pages=build/man

count=0
# same NAME FOUND EXPECTED: print a result, which passes if FOUND is EXPECTED and not empty
same() {
	count=$((count + 1))
	if [[ $2 == "$3" && -n $3 ]]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		diff -U 0 --label expected --label found <(echo "$3") <(echo "$2") | sed 's/^/# /'
	fi
}
# holds NAME TEXT: test that TEXT contains each line of stdin, and that stdin is not empty
holds() {
	local line wanted='' found=''
	while IFS= read -r line; do
		wanted+=$line$'\n'
		[[ $2 != *"$line"* ]] || found+=$line$'\n'
	done
	same "$1" "$found" "$wanted"
}
# section PAGE HEADING: print the text between the heading and the next one
section() { H=$2 awk '/^#+ / { on = $0 == ENVIRON["H"]; next } on' "$pages/$1"; }
# words: replace each run of white space in stdin by a space
words() { tr -s ' \t\n' ' '; }
# options: print the options of a help text on stdin in the markup of the pages
options() {
	sed -nE '/^Options/,/^$/ s/^  ([ -].) ?(, |  )?--([a-z-]+)( ([A-Z]+))?  .*/\1|\3|\5/p' |
		sed -E 's/^ +\|/|/; s/^(-.),?\|/*\1*, |/; s/\|([^|]*)\|/*--\1*/; s/\*([A-Z]+)$/* _\1_/'
}

# Each page is well-formed

same 'there are these four pages' \
	"$(cd $pages && echo *.scd)" 'kvsh.1.scd kvstore.7.scd kvstore.conf.5.scd libkv.3.scd'
same 'make fills in all marker lines' "$(grep -hxE '@[A-Z]+@' "$pages"/*.scd; echo end)" end
for source in "$pages"/*.scd; do
	page=$(basename "$source" .scd)
	same "scdoc accepts $page" "$(scdoc <"$source" 2>&1 >"$scratch/$page" && echo made)" made
	if ! command -v groff >/dev/null; then
		echo "ok $((++count)) - $page # SKIP groff is not installed"
		continue
	fi
	same "groff prints no warning about $page" \
		"$(groff -t -man -ww -z -Tutf8 "$scratch/$page" 2>&1; echo end)" end
	# Underscores within words are markup for scdoc. The formatted page must not show markup.
	same "$page shows no markup" "$(groff -t -man -Tascii -P-c -P-b -P-u "$scratch/$page" 2>&1 |
		grep -E '(\*[a-zA-Z-]+\*|_[A-Z]+_)([^A-Za-z0-9]|$)'; echo end)" end
done

# kvsh(1) and the help texts

$kvsh help >"$scratch/help"
mapfile -t commands < <(sed -nE '/^Commands:/,/^$/ s/^  ([a-z]+).*/\1/p' "$scratch/help")
usages=$(for command in "${commands[@]}"; do
	$kvsh help "$command" | sed -n '1s/^Usage: \([a-z]*\) \[OPTION\]\.\.\./\1/p'
done)
same 'kvsh.1 has exactly the commands of the help, with their arguments, in the same order' \
	"$(sed -n '/^# COMMANDS/,/^# / s/^## //p' "$pages/kvsh.1.scd")" "$usages"
while IFS= read -r usage; do
	command=${usage%% *}
	described=$(section kvsh.1.scd "## $usage")
	same "kvsh.1 has exactly the options of $command" \
		"$(grep -E '^\*--?[a-z-]+\*(, \*--[a-z-]+\*)?( _[A-Z]+_)?$' <<<"$described"; echo '*-h*, *--help*')" "$($kvsh help "$command" | options)"
	aliases=$($kvsh help "$command" | sed -nE 's/^Also:  //p' | sed -E 's/[a-z]+/*&*/g')
	same "kvsh.1 has exactly the aliases of $command" \
		"Also$(words <<<"$described" | sed -nE 's/.*Also( [a-z*, ]+)\..*/\1/p')" "Also${aliases:+ $aliases}"
done <<<"$usages"
same 'kvsh.1 has exactly the options of kvsh' \
	"$(section kvsh.1.scd '# OPTIONS' | grep '^\*-')" "$(options <"$scratch/help")"

statuses=$(sed -nE '/^Exit status:/,$ s/^  ([0-9]+)  (.*)/*\1* \2/p' "$scratch/help")
holds 'kvsh.1 has all exit statuses with their meanings' \
	"$(section kvsh.1.scd '# EXIT STATUS' | words)" <<<"$statuses"
same 'kvsh.1 has no other exit status' "$(section kvsh.1.scd '# EXIT STATUS' | grep -oE '^\*[0-9]+\*')" \
	"$(grep -oE '^\*[0-9]+\*' <<<"$statuses")"
holds 'kvsh.1 has all environment variables' "$(section kvsh.1.scd '# ENVIRONMENT')" < <(
	sed -n '/^Environment:/,/^$/p' "$scratch/help" | grep -oE '\b[A-Z_]{4,}\b' | sed 's/.*/*&*/')
holds 'kvsh.1 has all variables that watch --exec sets' "$(section kvsh.1.scd '## watch [PREFIX]')" < <(
	grep -oE 'setenv\("KV_[A-Z]+' cli/commands/watch.c | grep -oE 'KV_[A-Z]+' | sort -u)
# plain: remove the markup of scdoc and double quotes from stdin
plain() { tr -d '*_\\`"'; }
for command in "${commands[@]}"; do
	usage=$(grep -E "^$command( |\$)" <<<"$usages")
	holds "kvsh.1 has all lines of the help of $command" "$(section kvsh.1.scd "## $usage" | plain)" < <(
		$kvsh help "$command" | awk '/^Options:/ { on = 1 } on && text; on && /^$/ { text = 1 }' |
			sed 's/^  //' | plain | grep .)
done
# wide COLUMNS: print the lines of stdin that are longer. Literal lines of a page must fit in 69 columns.
wide() { expand | grep -E "^.{$(($1 + 1))}"; }
same 'no line of the help texts has more than 80 columns' "$(
	{ $kvsh help; $kvsh --help; for command in "${commands[@]}"; do $kvsh help "$command"; done; } | wide 80
	echo end)" end
same 'no literal line of the commands in kvsh.1 has more than 69 columns' \
	"$(awk '/^```/ { on = !on; next } on' $pages/kvsh.1.scd.commands | wide 69; echo end)" end

# kvstore.conf(5) and the service

same 'kvstore.conf.5 has exactly the settings of kvstore.service, with their defaults' \
	"$(section kvstore.conf.5.scd '# AT BOOT' | grep '^\*')" \
	"$(sed -nE 's/^([A-Z_]+)=(.*)/*\1* (\2)/p' packaging/default/kvstore)"
holds 'kvstore.conf.5 has all files that the service reads or writes' "$(section kvstore.conf.5.scd '# FILES')" < <(
	cat packaging/systemd/{load,save} packaging/systemd/*.in | sed 's/${STATE_DIRECTORY:-\([^}]*\)}/\1/' |
		grep -v '^ *#' | grep -oE '/(etc|var/lib)/[a-z/*.]+[a-z]' | sort -u | sed 's/\*/\\*/; s/.*/_&_/')

# libkv(3) and kv.h

# One declaration a line, with single spaces
declarations=$(sed '/^#/d; s/^ \*.*//; s/^\/\*.*//; /^extern "C"/d' include/kv.h | words |
	grep -oE '[a-z][^;{}]*\bkv_[a-z_]+\([^;{}]*\);' | sed 's/^ *//')
holds 'libkv.3 has all declarations of kv.h' \
	"$(section libkv.3.scd '# SYNOPSIS' | words | sed 's/( /(/g')" <<<"$declarations"
same 'libkv.3 has a paragraph for exactly the functions of kv.h' \
	"$(section libkv.3.scd '# DESCRIPTION' | grep -E '^\*kv_' | grep -oE 'kv_[a-z_]+' | sort)" \
	"$(grep -v '^typedef' <<<"$declarations" | grep -oE '\bkv_[a-z_]+\(' | tr -d '(' | sort)"

# kvstore(7), the module and kv_proto.h

same 'kvstore.7 has exactly the described parameters of the module, with their defaults' \
	"$(section kvstore.7.scd '# PARAMETERS' | grep '^\*')" \
	"$(sed -nE 's/^MODULE_PARM_DESC\(([a-z_]+), .*\(default ([^)]*)\)"\);/*\1* (\2)/p' \
		kernel/kvstore/main.c)"
same 'the module describes all of its parameters' "$(section kvstore.7.scd '# PARAMETERS' | grep -c '^\*')" \
	"$(grep -cE '^module_param' kernel/kvstore/main.c)"
same 'kvstore.7 has exactly the commands of kv_proto.h, with their calls' \
	"$(section kvstore.7.scd '# WORDS' | grep '^\*KV_SO_')" \
	"$(sed -nE '/^enum kv_(set|get)_word/,/^}/ {
		s/^enum kv_(set|get)_word.*/\1/p; s/^\t(KV_SO_[A-Z]+)( = .*)?,$/\1/p }' include/kv_proto.h |
		awk '/^[a-z]/ { call = $1; next } { print "*" $1 "* (" call ")" }')"

# The table of errors in kv_proto.h, from which make fills in the sections ERRORS

# rows: print a line for each errno and each command that returns it
rows() {
	awk -F '\t' '/^ \* Errors$/ { inside = 1 } /^ \*\/$/ { inside = 0 } !inside { next }
		sub(/^ \*    E/, "E") { match($0, /^E[A-Z]+/); errno = substr($0, 1, RLENGTH); sub(/^E[A-Z]+ +/, ""); row = 1 }
		sub(/^ \*                  /, "") && !/^ / { row = 1 }
		row && errno { sub(/:.*/, ""); n = split($0, word, ", "); for (i = 1; i <= n; i++) print errno "\t" word[i] }
		{ row = 0 }' include/kv_proto.h
}
errors=$(rows | cut -f 1 | uniq)
same 'the table of errors has each errno once' "$(sort <<<"$errors")" "$(sort -u <<<"$errors")"
same 'the table of errors names exactly the commands of kv_proto.h' "$(rows | cut -f 2 | sort -u)" "$(
	{ sed -nE 's/^\tKV_SO_([A-Z]+)( = .*)?,$/\1/p' include/kv_proto.h; printf '%s\n' all read 'TXN record'; } | sort -u)"
holds 'the table of errors has all errnos that kv_proto.h names' "$errors" < <(
	grep -oE '\bE[A-Z]{3,}\b' include/kv_proto.h | sort -u)
# Never returned to user space: EPIPE (a read returns 0), ERESTARTSYS (becomes EINTR), EBUSY (only when loading)
holds 'the table of errors has all errnos that a call can return' "$errors" < <(
	cat kernel/kvstore/record.[ch] kernel/kvstore/{sockopt,store}/*.[ch] | grep -oE -e '-E[A-Z]{3,}\b' | tr -d - |
		grep -vxE 'EPIPE|ERESTARTSYS|EBUSY' | sort -u)
# The fuzzer fails if a command returns an errno that is neither in this list nor in the command's row of words.c.
common='ENOPROTOOPT EOPNOTSUPP EINVAL ENAMETOOLONG EMSGSIZE EFAULT ENOMEM EINTR'
same 'the table of errors has, for each command, the errnos that the fuzzer allows' \
	"$(rows | awk -F '\t' -v common="$common" 'index(" " common " ", " " $1 " ") == 0 && $2 != "read" && $2 != "TXN record" {
		print $2, $1 }' | sort)" \
	"$(tr -d '\n\t' <tests/fuzzer/words.c | grep -oE '\{ "[A-Z]+", KV_SO[^{}]*\{ [A-Z, ]+ \}' |
		sed -E 's/\{ "([A-Z]+)".*\{ (.*) \}/\1 \2/' | awk '{ gsub(",", ""); for (i = 2; i <= NF; i++) print $1, $i }' | sort)"
for page in libkv.3 kvstore.7; do
	same "$page explains all errnos" "$(section "$page.scd" '# ERRORS' | grep -oE '^\*E[A-Z]+\*$' |
		grep -vxE '\*(EPROTO|EPROTONOSUPPORT)\*')" "$(awk '{ print "*" $0 "*" }' <<<"$errors")"
done

# The messages of the module. In kvstore(7), each is a line above the indented text that explains it.

messages=$(section kvstore.7.scd '# MESSAGES' | awk '
	/^\t/ && line && line !~ /\+\+$/ { print line }
	line ~ /\+\+$/ { print substr(line, 1, length(line) - 2) }
	{ line = /^[^\t]/ ? $0 : "" }')
# calls ARGUMENT: print the calls that print a message and whose first argument matches
calls() {
	find kernel/kvstore -name '*.[ch]' ! -path '*/kunit/*' -exec cat {} + | words |
		grep -oE "\\bpr_[a-z_]+\( ?$1" | grep -v '^pr_fmt'
}
same 'all messages of the module are string literals' "$(calls '"' | wc -l)" "$(calls '' | wc -l)"
# patterns: print, for each message, a regular expression, a tab and the format. The page shows %s as a name, and a
# number as it is or as N.
patterns() {
	local format pattern
	while IFS= read -r format; do
		pattern=$(sed -E 's/[][().*^$|+?{}\\]/\\&/g; s/%s/_[A-Z]+_/g; s/0x%x/0x([0-9a-f]+|N)/g; s/%[a-z]*u/([0-9]+|_N_)/g' \
			<<<"$format")
		printf '%s\t%s\n' "$pattern" "$format"
	done < <(calls '"[^"]*"' | sed -E 's/^[^"]*"//; s/(\\n)?"$//')
}
same 'kvstore.7 has all messages of the module' \
	"$(patterns | while IFS=$'\t' read -r pattern format; do
		! grep -qxE -e "$pattern" <<<"$messages" || echo "$format"
	done)" "$(patterns | cut -f 2)"
same 'kvstore.7 has no other messages' "$(grep -xE -f <(patterns | cut -f 1) <<<"$messages")" "$messages"

echo "1..$count"
