#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The session in README.md is the output of its script, and the C code above it is part of portguard.c
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/common/ok.bash
# block FENCE: print the first block of README.md fenced with ```FENCE
block() { awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } inside && /^```/ { exit } inside' README.md; }
diagnosis=$(mktemp)
trap 'rm -f "$diagnosis"' EXIT

source=$(<kernel/portguard/portguard.c)
row=$(block c)
has_row() { [[ $row && $source == *"$row"* ]]; }
ok 'the table row in README.md is part of portguard.c' has_row
wanted=$(block shell)
tests/vm/run --with docs/perform.sh -- sh perform.sh <docs/readme-session.txt >"$diagnosis"
prints() { [[ $wanted && $(<"$diagnosis") == "$wanted" ]]; }
ok 'the session in README.md is the output of its script' prints
finish
