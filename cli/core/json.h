/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - what the store holds as JSON
 *
 * Revisions are strings: a 64-bit number does not survive every reader. A value
 * that is not UTF-8 is in base64 and has a member "encoding" that says so.
 */
#ifndef JSON_H
#define JSON_H

#include <stdint.h>

#include <jansson.h>
#include <kv.h>

/** enum json_member - which members json_item() is to make */
enum json_member {
	JSON_KEY = 1 << 0,
	JSON_VALUE = 1 << 1, /* and encoding, where needed */
	JSON_REST = 1 << 2, /* rev, private and, where a module has declared the key, declared */
	JSON_UNREADABLE = 1 << 3, /* the value is null */
};

/** json_prepare() - to be called before any other */
void json_prepare(void);

/** json_item() - a key as an object of the members asked for */
json_t *json_item(const struct kv_item *item, unsigned int members);

/** json_revision() - a revision */
json_t *json_revision(uint64_t rev);

/** json_text() - @len bytes of text; in base64 if it is not UTF-8 */
json_t *json_text(const char *text, size_t len);

/** json_print() - write a document and a newline to standard output, and free it */
void json_print(json_t *document);

#endif /* JSON_H */
