// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "common/usage.h"
#include "policy.h"

enum {
	OPTION_TO = 0x200,
};

static const struct argp_option options[] = {
	{ "to", OPTION_TO, "PROTOCOL", 0,
	  "mptcp (the default), or tcp: keep sockets on TCP that ask for MPTCP", 0 },
	{ 0 },
};

static enum force_target parse_target(const char *text)
{
	if (strcmp(text, "mptcp") == 0)
		return FORCE_TO_MPTCP;
	if (strcmp(text, "tcp") == 0)
		return FORCE_TO_TCP;
	usage_error("invalid --to '%s': expected 'mptcp' or 'tcp'", text);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct policy *policy = state->input;

	if (key != OPTION_TO)
		return ARGP_ERR_UNKNOWN;
	policy->target = parse_target(arg);
	return 0;
}

const struct argp policy_argp = { .options = options, .parser = parse_option };

const char *policy_target_name(const struct policy *policy)
{
	return policy->target == FORCE_TO_TCP ? "TCP" : "MPTCP";
}
