/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nanoseconds in larger units, by the kernel's names for them. */
#ifndef NSEC_H
#define NSEC_H

#include <stdint.h>

#define NSEC_PER_USEC INT64_C(1000)
#define NSEC_PER_MSEC INT64_C(1000000)
#define NSEC_PER_SEC  INT64_C(1000000000)

#endif /* NSEC_H */
