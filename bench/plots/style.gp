# SPDX-License-Identifier: GPL-2.0-or-later
# Settings of all plots
set encoding utf8
set border 3 linecolor rgb '#888888'
set style line 100 linecolor rgb '#dddddd'
set grid linestyle 100

our_colour = 0x1b6ca8
our_second_colour = 0xd9822b
peer_colour = 0xb0b7bf

# The figure of a row
figure(row) = real(system(sprintf("awk -F '\\t' -v row='%s' '$1 == row { print $2; found = 1 } " . \
	"END { if (!found) print \"not measured: \" row >\"/dev/stderr\" }' '%s'", row, result)))
