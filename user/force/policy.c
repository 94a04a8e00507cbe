// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "common/usage.h"
#include "policy.h"

enum {
	OPTION_TO = 0x200,
	OPTION_LANDLOCK_UNKNOWN,
	OPTION_DISGUISE,
	OPTION_OPT_OUT,
};

static const struct argp_option options[] = {
	{ "to", OPTION_TO, "PROTOCOL", 0,
	  "mptcp (the default), or tcp: keep sockets on TCP that ask for MPTCP", 0 },
	{ "landlock-unknown", OPTION_LANDLOCK_UNKNOWN, "ACTION", 0,
	  "Where tasks restricted by Landlock cannot be recognized: refuse (the default) or allow",
	  0 },
	{ "disguise", OPTION_DISGUISE, NULL, 0,
	  "Answer IPPROTO_TCP when a program reads SO_PROTOCOL", 0 },
	{ "opt-out", OPTION_OPT_OUT, NULL, 0,
	  "Leave a program on TCP once it has asked for a socket option that MPTCP refuses", 0 },
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

static bool parse_landlock_unknown(const char *text)
{
	if (strcmp(text, "allow") == 0)
		return true;
	if (strcmp(text, "refuse") == 0)
		return false;
	usage_error("invalid --landlock-unknown '%s': expected 'refuse' or 'allow'", text);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct policy *policy = state->input;

	switch (key) {
	case OPTION_TO:
		policy->target = parse_target(arg);
		return 0;
	case OPTION_LANDLOCK_UNKNOWN:
		policy->landlock_unknown_allowed = parse_landlock_unknown(arg);
		return 0;
	case OPTION_DISGUISE:
		policy->options |= FORCE_OPTION_DISGUISE;
		return 0;
	case OPTION_OPT_OUT:
		policy->options |= FORCE_OPTION_OPT_OUT;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp policy_argp = { .options = options, .parser = parse_option };

const char *policy_target_name(const struct policy *policy)
{
	return policy->target == FORCE_TO_TCP ? "TCP" : "MPTCP";
}
