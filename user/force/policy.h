/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done with the sockets of tasks in scope, as the command line says it. */
#ifndef POLICY_H
#define POLICY_H

#include <argp.h>
#include <stdbool.h>

#include "force/force.h"

/* Zeroed, it has the default of each option. */
struct policy {
	enum force_target target;
	bool landlock_unknown_allowed;
	unsigned int options; /* enum force_option */
};

/* The options of a policy; the input is a struct policy. */
extern const struct argp policy_argp;

/* Its target in words, such as "MPTCP". */
const char *policy_target_name(const struct policy *policy);

#endif /* POLICY_H */
