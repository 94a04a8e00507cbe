/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typing errors: how far one word is from another. */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

/*
 * How many letters must be inserted, deleted, replaced or swapped with their neighbour to make one
 * word of the other. Words of more than NEAREST_LONGEST bytes are as far apart as they are long.
 */
#define NEAREST_LONGEST 31
size_t nearest_distance(const char *left, size_t left_length, const char *right,
			size_t right_length);

/* The word of a list, which ends with NULL, that a name is probably meant to be; NULL if it is none. */
const char *nearest_word(const char *name, size_t length, const char *const *words);

#endif /* NEAREST_H */
