/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STRICT_JSON_H
#define STRICT_JSON_H

#include <stddef.h>

struct json_object;

/* NULL unless it is strict JSON, in UTF-8. */
struct json_object *strict_json(const char *text, size_t length);

#endif /* STRICT_JSON_H */
