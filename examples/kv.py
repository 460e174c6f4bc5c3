#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Read and write the kernel's key/value store from Python; needs only ctypes and libkv.so.0.

    kv.py get KEY | put KEY VALUE | list [PREFIX]
"""
import ctypes
import sys
from ctypes import (CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_ssize_t, c_uint,
                    c_uint64, c_void_p, create_string_buffer, string_at)

VALUE_MAX = 1024  # KV_VALUE_MAX


class Item(Structure):
    """struct kv_item"""
    _fields_ = [("key", c_char_p), ("value", c_void_p), ("value_len", c_size_t), ("flags", c_uint),
                ("rev", c_uint64)]


LIST_FN = CFUNCTYPE(c_int, POINTER(Item), c_void_p)

libkv = ctypes.CDLL("libkv.so.0")
libkv.kv_open.argtypes = [POINTER(c_void_p)]
libkv.kv_close.argtypes = [c_void_p]
libkv.kv_close.restype = None
libkv.kv_put.argtypes = [c_void_p, c_char_p, c_char_p, c_size_t, c_uint, c_uint64]
libkv.kv_get.argtypes = [c_void_p, c_char_p, c_char_p, c_size_t, POINTER(Item)]
libkv.kv_get.restype = c_ssize_t
libkv.kv_list.argtypes = [c_void_p, c_char_p, LIST_FN, c_void_p, POINTER(c_uint64)]
libkv.kv_strerror.argtypes = [c_int]
libkv.kv_strerror.restype = c_char_p


def check(result):
    """Raise OSError if a result of libkv is a negative errno."""
    if result < 0:
        raise OSError(-result, libkv.kv_strerror(result).decode())
    return result


class Store:
    """A handle on the store; keys are str, values are bytes. Use one per thread."""

    def __init__(self):
        self.handle = c_void_p()
        check(libkv.kv_open(byref(self.handle)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        libkv.kv_close(self.handle)

    def put(self, key, value):
        """Store value under key."""
        check(libkv.kv_put(self.handle, key.encode(), value, len(value), 0, 0))

    def get(self, key):
        """The value of key; OSError with ENOENT if there is no such key."""
        value = create_string_buffer(VALUE_MAX)
        length = check(libkv.kv_get(self.handle, key.encode(), value, VALUE_MAX, None))
        return value.raw[:length]

    def list(self, prefix=""):
        """All keys that start with prefix, and their values, as a dict."""
        items = {}

        def add(item, _):
            items[item[0].key.decode()] = string_at(item[0].value, item[0].value_len)
            return 0

        check(libkv.kv_list(self.handle, prefix.encode(), LIST_FN(add), None, None))
        return items


def main(command="", *arguments):
    """Run a command of the usage above."""
    with Store() as store:
        if command == "get" and len(arguments) == 1:
            sys.stdout.buffer.write(store.get(*arguments) + b"\n")
        elif command == "put" and len(arguments) == 2:
            store.put(arguments[0], arguments[1].encode())
        elif command == "list" and len(arguments) <= 1:
            for key, value in sorted(store.list(*arguments).items()):
                print(key, "=", value.decode("utf-8", "backslashreplace"))
        else:
            sys.exit(__doc__)


try:
    main(*sys.argv[1:])
except OSError as error:
    sys.exit(f"kv.py: {error.strerror}")
