#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The exchanges shown in docs/protocol.md are what the module does
exec tests/vm/run -- sh -c 'insmod /demo.ko && exec exchange' <docs/protocol.md
