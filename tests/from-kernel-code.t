#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The session "From kernel code" in README.md is what its script prints
wanted=$(awk '/^## From kernel code/ { here = 1 } here && /^```text/ { inside = 1; next } inside && /^```/ { exit } inside' README.md)
printed=$(tests/vm/run --with docs/perform.sh -- sh perform.sh <docs/from-kernel-code.txt)
if [ "$wanted" ] && [ "$printed" = "$wanted" ]; then
	echo 'ok 1 - the session from kernel code is what its script prints'
else
	echo 'not ok 1 - the session from kernel code is what its script prints'
	printf '%s\n' "$printed" | sed 's/^/# /'
fi
echo 1..1
