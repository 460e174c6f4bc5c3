# SPDX-License-Identifier: GPL-2.0-or-later
# Draws a bar for each name in `rows`, with its figure. The names are those of kvbench's rows; "" leaves a gap,
# and an unknown name is an error. `result` is a file with the output of bench/run --tsv.
load 'bench/plots/style.gp'

ours(row) = strstrt(' get put delete txn list watch cached in-kernel memory ', ' ' . word(row, 1) . ' ') && \
	!strstrt(row, 'bpf')
ends_with_bytes(row) = strlen(row) > 7 && row[strlen(row) - 6:] eq ', bytes'
label(row) = ends_with_bytes(row) ? row[:strlen(row) - 7] : row

array figures[|rows|]
set ytics () noenhanced textcolor 'black'
longest = 0
do for [i = 1:|rows|] {
	if (rows[i] ne '') {
		figures[i] = figure(rows[i])
		longest = figures[i] > longest ? figures[i] : longest
		set ytics add (label(rows[i]) -i)
	}
}

set terminal svg size 860, 120 + 26 * |rows| background 'white' font 'sans-serif,14'
set title heading
set xlabel unit
set xrange [0:longest * 1.13]
set yrange [-|rows| - 0.6:-0.4]
set grid noytics xtics
set tics scale 0
set xtics font ',12'
set lmargin 38
set key outside top center horizontal
plot figures using (0):(-$1):(0):2:(-$1 - 0.36):(-$1 + 0.36):(ours(rows[$1]) ? our_colour : peer_colour) \
		with boxxyerror fillstyle solid linecolor rgb variable notitle, \
	figures using 2:(-$1):(rows[$1] eq '' ? '' : sprintf('%.0f', $2)) with labels left offset 0.6, 0 \
		notitle, \
	keyentry with boxes fillstyle solid linecolor rgb our_colour title 'kvstore', \
	keyentry with boxes fillstyle solid linecolor rgb peer_colour title 'others'
