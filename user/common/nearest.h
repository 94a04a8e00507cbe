/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typing errors: the distance between two words. */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

/*
 * How many letters must be inserted, deleted, replaced or swapped with a neighbor to turn one word
 * into the other. If a word has more than NEAREST_LONGEST bytes, the distance is the longer length.
 */
#define NEAREST_LONGEST 31
size_t nearest_distance(const char *left, size_t left_length, const char *right,
			size_t right_length);

/* The word that a mistyped name probably stands for, or NULL. The list of words ends with NULL. */
const char *nearest_word(const char *name, size_t length, const char *const *words);

#endif /* NEAREST_H */
