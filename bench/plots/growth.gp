# SPDX-License-Identifier: GPL-2.0-or-later
# GET and PUT by the number of keys and by the load factor
load 'bench/plots/style.gp'

set terminal svg size 860, 400 background 'white' font 'sans-serif,14'
array keys[4] = [1e3, 1e4, 1e5, 1e6]
array loads[3] = [1, 4, 16]
at_keys(what, i) = figure(sprintf('%s at %d keys', what, keys[i]))
at_load(what, i) = figure(sprintf('%s at load factor %d', what, loads[i]))
highest = at_load('put', 3) * 1.15

set yrange [0:highest]
set logscale x
set key bottom right
set tics nomirror
set multiplot layout 1, 2
set title 'As many buckets as keys'
set xlabel 'keys'
set ylabel 'instructions'
set xrange [600:1.7e6]
set xtics ('10³' 1e3, '10⁴' 1e4, '10⁵' 1e5, '10⁶' 1e6)
plot keys using 2:(at_keys('put', $1)) with linespoints linewidth 2 pointtype 7 linecolor rgb our_second_colour \
		title 'put', \
	keys using 2:(at_keys('get', $1)) with linespoints linewidth 2 pointtype 7 linecolor rgb our_colour \
		title 'get'
set title '65536 keys'
set xlabel 'load factor (keys for each bucket)'
unset ylabel
set xrange [0.7:23]
set xtics (1, 4, 16)
plot loads using 2:(at_load('put', $1)) with linespoints linewidth 2 pointtype 7 linecolor rgb our_second_colour \
		title 'put', \
	loads using 2:(at_load('get', $1)) with linespoints linewidth 2 pointtype 7 linecolor rgb our_colour \
		title 'get'
unset multiplot
