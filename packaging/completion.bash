# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of kvsh for bash, installed as share/bash-completion/completions/kvsh. What may stand at the
# cursor, kvsh says itself: commands, options, and the keys of the store.

_kvsh() {
	local cur words cword line file
	# Keys hold : @ and =, which divide words for bash but not for kvsh.
	_get_comp_words_by_ref -n ':=@' cur words cword || return
	while IFS= read -r line; do
		case $line in
		'=files')
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
		'=files @')
			compopt -o nospace
			while IFS= read -r file; do
				[[ -d $file ]] && file+=/ || file+=' '
				COMPREPLY+=("@$file")
			done < <(compgen -f -- "${cur#@}") ;;
		*) COMPREPLY+=("$line") ;;
		esac
	done < <("${words[0]}" --complete -- "${words[@]:1:cword-1}" "$cur" 2>/dev/null)
	__ltrim_colon_completions "$cur"
}
complete -F _kvsh kvsh
