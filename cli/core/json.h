/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - keys and values as JSON
 *
 * Revisions are strings, since many readers lose digits of a 64-bit number. A
 * value that is not UTF-8 is in base64, with a member "encoding".
 */
#ifndef JSON_H
#define JSON_H

#include <stdint.h>

#include <jansson.h>
#include <kv.h>

/** enum json_member - the members that json_item() makes */
enum json_member {
	JSON_KEY = 1 << 0,
	JSON_VALUE = 1 << 1, /* and encoding, if needed; null if the caller may not read it */
	JSON_REST = 1 << 2, /* rev, private and, if a module has declared the key, declared */
};

/** json_prepare() - must be called before any other function here */
void json_prepare(void);

/** json_item() - a key as an object; @members: flags of enum json_member */
json_t *json_item(const struct kv_item *item, unsigned int members);

/** json_revision() - a revision as a string */
json_t *json_revision(uint64_t rev);

/** json_text() - @len bytes as a string; in base64 if they are not UTF-8 */
json_t *json_text(const char *text, size_t len);

/** json_print() - write a document and a newline to standard output, and free it */
void json_print(json_t *document);

#endif /* JSON_H */
