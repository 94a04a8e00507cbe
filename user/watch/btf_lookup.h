/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions and structures of a kernel, from its type information. */
#ifndef BTF_LOOKUP_H
#define BTF_LOOKUP_H

#include <stdbool.h>

#include <bpf/btf.h>

bool has_function(const struct btf *btf, const char *name);
bool has_member(const struct btf *btf, const char *structure, const char *name);

/* Whether probes can detect that a connection falls back to TCP: see bpf/watch/fallback.bpf.h. */
bool shows_fallback(const struct btf *btf);

#endif
