#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here '32-bit code is that of a PC' || exit 0
exec tests/vm/run --no-module --with tests/guest/tap.sh --with tests/guest/32bit.sh --with build/for-i686/tests -- sh 32bit.sh
