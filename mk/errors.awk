# SPDX-License-Identifier: GPL-2.0-or-later
# errors.awk - fill in the line @ERRORS@ of a manual page
#
#     awk -f mk/errors.awk include/kv_proto.h PAGE.scd
#
# The text is the table of errnos in kv_proto.h. A row begins with an errno or, if the errno
# has several meanings, with the words of the next meaning; its other lines are indented.

{ in_header = FILENAME == ARGV[1] }

in_header && /^ \* Errors$/ { inside = 1 }
in_header && /^ \*\/$/ { inside = 0 }
in_header && inside && match($0, /^ \*    E[A-Z]+ +/) {
	table = table (table ? "\n\n" : "") "*" $2 "*\n\t" escape(substr($0, RLENGTH + 1))
	next
}
in_header && inside && table && sub(/^ \*                  /, "") {
	separator = sub(/^  /, "") ? "\n\t" : "\n\n\t"
	table = table separator escape($0)
}

!in_header && /^@ERRORS@$/ {
	if (!table) {
		print FILENAME ": there is no table of errors for @ERRORS@" >"/dev/stderr"
		exit 1
	}
	print table
	next
}
!in_header

# Escape the characters that are markup for scdoc.
function escape(text) {
	gsub(/[_*\\]/, "\\\\&", text)
	return text
}
