/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notes, outside the BPF file system, of the scopes that were attached since the host started. A note without a
 * scope shows that others ended the scope. A restart of the host ends both.
 */
#ifndef ATTACHED_NOTE_H
#define ATTACHED_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#define ATTACHED_NOTES "/run/mptcp-force"

/* Returns 0, or -errno. */
int attached_note_write(const char *name);

/* Returns 0 or -errno; 0 also if there is none. */
int attached_note_remove(const char *name);

bool attached_note_exists(const char *name);

/* All of them, sorted. Free each, and the array. Returns 0, or -errno. */
int attached_notes(char ***names, size_t *count);

#endif /* ATTACHED_NOTE_H */
