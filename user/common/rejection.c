// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "rejection.h"

static struct rejection last;

/* Copy the word that follows a text, up to any of the characters in end. */
static void copy_word(char *to, size_t size, const char *text, const char *behind, const char *end)
{
	const char *word = strstr(text, behind);

	if (!word)
		return;
	word += strlen(behind);
	snprintf(to, size, "%.*s", (int)strcspn(word, end), word);
}

/* The verifier's log exists only if the kernel got as far as the verifier. */
static void note_log(const char *log)
{
	last.by_verifier = true;
	last.no_address = strstr(log, "The address of function ") != NULL;
	copy_word(last.helper, sizeof(last.helper), log, "cannot use helper ", "#\n");
	/* The wording of older kernels, such as 6.1. */
	copy_word(last.helper, sizeof(last.helper), log, "unknown func ", "#\n");
}

void rejection_note(const char *text)
{
	static const struct rejection none;

	if (strstr(text, ": BPF program load failed: ")) {
		last = none;
		copy_word(last.program, sizeof(last.program), text, "prog '", "'");
	} else if (strstr(text, ": -- BEGIN PROG LOAD LOG --")) {
		note_log(text);
	}
}

const struct rejection *rejection_last(void)
{
	return &last;
}
