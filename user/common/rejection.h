/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program the kernel refused to load, and why: libbpf returns only an errno. */
#ifndef REJECTION_H
#define REJECTION_H

#include <stdbool.h>

struct rejection {
	char program[64]; /* empty: none was refused */
	char helper[64];  /* the helper that programs may not call on this host, or empty */
	bool by_verifier; /* by the verifier, so no policy prevents the caller from loading programs */
	bool no_address; /* the probed function is in the kernel's BTF, but has no symbol */
};

/* Note a warning of libbpf. */
void rejection_note(const char *text);

const struct rejection *rejection_last(void);

#endif /* REJECTION_H */
