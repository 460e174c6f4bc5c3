#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make check-races ROUNDS=N` runs more rounds, and as long as they take
exec tests/vm/run ${ROUNDS:+--timeout 0} -- races "${ROUNDS:-4}"
