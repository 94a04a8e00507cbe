// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "nearest.h"

static size_t least(size_t left, size_t right)
{
	return left < right ? left : right;
}

/* The optimal string alignment distance, with the last three rows of its matrix. */
size_t nearest_distance(const char *left, size_t left_length, const char *right,
			size_t right_length)
{
	size_t rows[3][NEAREST_LONGEST + 1], i, j, cost;
	size_t *before = rows[0], *last = rows[1], *row = rows[2], *oldest;

	if (left_length > NEAREST_LONGEST || right_length > NEAREST_LONGEST)
		return left_length > right_length ? left_length : right_length;
	for (j = 0; j <= right_length; j++)
		before[j] = last[j] = j;
	for (i = 1; i <= left_length; i++) {
		row[0] = i;
		for (j = 1; j <= right_length; j++) {
			cost = left[i - 1] != right[j - 1];
			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + cost);
			if (i > 1 && j > 1 && left[i - 1] == right[j - 2] &&
			    left[i - 2] == right[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		oldest = before;
		before = last;
		last = row;
		row = oldest;
	}
	return last[right_length];
}

/* At most one letter in three may be wrong. */
const char *nearest_word(const char *name, size_t length, const char *const *words)
{
	size_t distance, best = length / 3 + 1;
	const char *nearest = NULL;

	for (; *words; words++) {
		distance = nearest_distance(name, length, *words, strlen(*words));
		if (distance < best) {
			best = distance;
			nearest = *words;
		}
	}
	return nearest;
}
