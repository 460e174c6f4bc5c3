# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of kvsh for bash, installed as share/bash-completion/completions/kvsh. kvsh --complete prints the
# possible completions: commands, options, and the keys of the store.

_kvsh() {
	local cur words cword line file before i
	local get_words=_comp_get_words
	# The name of this function before bash-completion 2.12
	declare -F $get_words >/dev/null || get_words=_get_comp_words_by_ref
	# bash splits words at : and @, which keys can contain, and at =, which values can contain.
	$get_words -n ':=@' cur words cword || return
	while IFS= read -r line; do
		case $line in
		'=files')
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
		'=files @')
			# The word does not begin with the file name, so quote the name and mark a directory here.
			compopt -o nospace
			while IFS= read -r file; do
				printf -v line %q "$file"
				[[ -d $file ]] && line+=/ || line+=' '
				COMPREPLY+=("@$line")
			done < <(compgen -f -- "${cur#@}") ;;
		*) COMPREPLY+=("$line") ;;
		esac
	done < <("${words[0]}" --complete -- "${words[@]:1:cword-1}" "$cur" 2>/dev/null)
	# bash replaces only the text after the last character of COMP_WORDBREAKS, or from the @ on.
	before=${cur%"${cur##*["${COMP_WORDBREAKS//[\"\']/}"]}"}
	before=${before%@}
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=${COMPREPLY[i]#"$before"}
	done
}
complete -F _kvsh kvsh
