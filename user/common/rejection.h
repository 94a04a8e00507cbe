/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program the kernel refused to load, and who refused it: libbpf returns no more than an errno. */
#ifndef REJECTION_H
#define REJECTION_H

#include <stdbool.h>

struct rejection {
	char program[64]; /* empty: none was refused */
	char helper[64];  /* that programs may not call here, or empty */
	bool by_verifier; /* it has looked at the program, so no policy keeps the caller from loading any */
	bool no_address; /* the function that it is for is in the kernel's BTF only */
};

/* Take note of what libbpf says, at the level of warnings. */
void rejection_note(const char *text);

const struct rejection *rejection_last(void);

#endif /* REJECTION_H */
