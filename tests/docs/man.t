#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual says what the tables, the headers and the module say: no word of theirs is missing in it,
# and no command or option is there that they do not have.
set -u

cd "$(dirname "$0")/../.." || exit 1
[[ ${KV_NO_BUILD-} ]] || make -s build/kvsh man </dev/null >&2 || exit 1
kvsh=build/kvsh
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
# The sources after make has filled in the marker lines
pages=build/man

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
same 'make fills in each marker line' "$(grep -hxE '@[A-Z]+@' "$pages"/*.scd; echo end)" end
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
	"$(sed -n '/^# COMMANDS/,/^# / s/^## //p' "$pages/kvsh.1.scd")" "$usages"
while IFS= read -r usage; do
	command=${usage%% *}
	described=$(section kvsh.1.scd "## $usage")
	same "kvsh.1 has each option of $command, and no other" \
		"$(grep -E '^\*--?[a-z-]+\*(, \*--[a-z-]+\*)?( _[A-Z]+_)?$' <<<"$described"; echo '*-h*, *--help*')" "$($kvsh help "$command" | options)"
	aliases=$($kvsh help "$command" | sed -nE 's/^Also:  //p' | sed -E 's/[a-z]+/*&*/g')
	same "kvsh.1 has each alias of $command, and no other" \
		"Also$(words <<<"$described" | sed -nE 's/.*Also( [a-z*, ]+)\..*/\1/p')" "Also${aliases:+ $aliases}"
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
holds 'kvsh.1 has each variable that watch --exec sets' "$(section kvsh.1.scd '## watch [PREFIX]')" < <(
	grep -oE 'setenv\("KV_[A-Z]+' cli/commands/watch.c | grep -oE 'KV_[A-Z]+' | sort -u)
# plain: text without the characters that are markup for scdoc, and without quotes
plain() { tr -d '*_\\`"'; }
for command in "${commands[@]}"; do
	usage=$(grep -E "^$command( |\$)" <<<"$usages")
	holds "kvsh.1 has each line of the help of $command" "$(section kvsh.1.scd "## $usage" | plain)" < <(
		$kvsh help "$command" | awk '/^Options:/ { on = 1 } on && text; on && /^$/ { text = 1 }' |
			sed 's/^  //' | plain | grep .)
done
# Lines of a terminal: those of a page have 69 columns where they are not filled
wide() { expand | grep -E "^.{$(($1 + 1))}"; }
same 'each line of help has 80 columns at most' "$(
	{ $kvsh help; $kvsh --help; for command in "${commands[@]}"; do $kvsh help "$command"; done; } | wide 80
	echo end)" end
same 'and of what kvsh.1 shows of them as it is, 69' \
	"$(awk '/^```/ { on = !on; next } on' $pages/kvsh.1.scd.commands | wide 69; echo end)" end

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

# The table of errors in kv_proto.h, which make copies to the sections ERRORS

# rows: a line for each errno and each word that gives it
rows() {
	awk -F '\t' '/^ \* Errors$/ { inside = 1 } /^ \*\/$/ { inside = 0 } !inside { next }
		sub(/^ \*    E/, "E") { match($0, /^E[A-Z]+/); errno = substr($0, 1, RLENGTH); sub(/^E[A-Z]+ +/, ""); row = 1 }
		sub(/^ \*                  /, "") && !/^ / { row = 1 }
		row && errno { sub(/:.*/, ""); n = split($0, word, ", "); for (i = 1; i <= n; i++) print errno "\t" word[i] }
		{ row = 0 }' include/kv_proto.h
}
errors=$(rows | cut -f 1 | uniq)
same 'the table of kv_proto.h has each errno once' "$(sort <<<"$errors")" "$(sort -u <<<"$errors")"
same 'its words are those of kv_proto.h' "$(rows | cut -f 2 | sort -u)" "$(
	{ sed -nE 's/^\tKV_SO_([A-Z]+)( = .*)?,$/\1/p' include/kv_proto.h; printf '%s\n' all read 'TXN record'; } | sort -u)"
holds 'it has each errno that kv_proto.h names' "$errors" < <(
	grep -oE '\bE[A-Z]{3,}\b' include/kv_proto.h | sort -u)
# Not returned: EPIPE (a read returns 0), ERESTARTSYS (becomes EINTR), EBUSY (of the module's init)
holds 'and each errno that a call can return' "$errors" < <(
	cat kernel/kvstore/record.[ch] kernel/kvstore/{sockopt,store}/*.[ch] | grep -oE -e '-E[A-Z]{3,}\b' | tr -d - |
		grep -vxE 'EPIPE|ERESTARTSYS|EBUSY' | sort -u)
# The fuzzer fails if a word returns an errno that is neither one of these nor in the word's row of words.c
common='ENOPROTOOPT EOPNOTSUPP EINVAL ENAMETOOLONG EMSGSIZE EFAULT ENOMEM EINTR'
same 'and for each word the errnos that the fuzzer allows' \
	"$(rows | awk -F '\t' -v common="$common" 'index(" " common " ", " " $1 " ") == 0 && $2 != "read" && $2 != "TXN record" {
		print $2, $1 }' | sort)" \
	"$(tr -d '\n\t' <tests/fuzzer/words.c | grep -oE '\{ "[A-Z]+", KV_SO[^{}]*\{ [A-Z, ]+ \}' |
		sed -E 's/\{ "([A-Z]+)".*\{ (.*) \}/\1 \2/' | awk '{ gsub(",", ""); for (i = 2; i <= NF; i++) print $1, $i }' | sort)"
for page in libkv.3 kvstore.7; do
	same "$page explains each of them" "$(section "$page.scd" '# ERRORS' | grep -oE '^\*E[A-Z]+\*$' |
		grep -vxE '\*(EPROTO|EPROTONOSUPPORT)\*')" "$(awk '{ print "*" $0 "*" }' <<<"$errors")"
done

# The messages of the module, and those of kvstore(7): a line each, above the indented text that explains it

messages=$(section kvstore.7.scd '# MESSAGES' | awk '
	/^\t/ && line && line !~ /\+\+$/ { print line }
	line ~ /\+\+$/ { print substr(line, 1, length(line) - 2) }
	{ line = /^[^\t]/ ? $0 : "" }')
# calls ARGUMENT: the calls that print a message, up to their first argument
calls() {
	find kernel/kvstore -name '*.[ch]' ! -path '*/kunit/*' -exec cat {} + | words |
		grep -oE "\\bpr_[a-z_]+\( ?$1" | grep -v '^pr_fmt'
}
same 'each message of the module is a literal' "$(calls '"' | wc -l)" "$(calls '' | wc -l)"
# patterns: for each message a regular expression, a tab and the format. The page shows %s as a name, and a
# number as such or as N.
patterns() {
	local format pattern
	while IFS= read -r format; do
		pattern=$(sed -E 's/[][().*^$|+?{}\\]/\\&/g; s/%s/_[A-Z]+_/g; s/0x%x/0x([0-9a-f]+|N)/g; s/%[a-z]*u/([0-9]+|_N_)/g' \
			<<<"$format")
		printf '%s\t%s\n' "$pattern" "$format"
	done < <(calls '"[^"]*"' | sed -E 's/^[^"]*"//; s/(\\n)?"$//')
}
same 'kvstore.7 has each message of the module' \
	"$(patterns | while IFS=$'\t' read -r pattern format; do
		! grep -qxE -e "$pattern" <<<"$messages" || echo "$format"
	done)" "$(patterns | cut -f 2)"
same 'and no other' "$(grep -xE -f <(patterns | cut -f 1) <<<"$messages")" "$messages"

echo "1..$count"
