/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BPF objects that scripts/pack-skeleton compressed. Only skeletons call these. */
#ifndef PACKED_OBJECT_H
#define PACKED_OBJECT_H

#include <stddef.h>

/*
 * Decompresses an object, which then has size bytes. It is valid until packed_object_release(), or until the next
 * one is decompressed. Returns NULL if there is no memory for it, or if it does not have that size.
 */
const void *packed_object_inflate(const unsigned char *packed, size_t packed_size, size_t size);

/* libbpf has copied what it needs once the skeleton is open. */
void packed_object_release(void);

#endif /* PACKED_OBJECT_H */
