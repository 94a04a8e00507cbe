/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELP_OPTIONS_H
#define HELP_OPTIONS_H

#include <argp.h>

/* -h, --help, --usage and --version: a child of each parser, which is called with ARGP_NO_HELP. */
extern const struct argp help_argp;

#endif /* HELP_OPTIONS_H */
