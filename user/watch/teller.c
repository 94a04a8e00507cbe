// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "event.h"
#include "event_format.h"
#include "common/log.h"
#include "teller.h"

/* no-color.org: set and not empty. */
static bool colour_wanted(void)
{
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

/* Columns of the terminal, which may have changed since the last line; 0: it is none, or does not say. */
static unsigned int terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void print_text(struct teller *teller, struct strbuf *lines,
		       const struct watch_record *record)
{
	int64_t wall_offset_ns = teller->surroundings.wall_offset_ns;

	if (!teller->wide)
		teller->surroundings.width = terminal_width();
	day_line(&teller->day, lines, event_wall_ns(record, wall_offset_ns));
	event_text(lines, record, &teller->surroundings);
}

bool teller_open(struct teller *teller, int signal_fd)
{
	teller->surroundings.colour = colour_wanted();
	teller->wide = teller->wide || !isatty(STDOUT_FILENO);
	teller->output = output_new(signal_fd);
	teller->cgroups = cgroup_names_new();
	if (teller->output && teller->cgroups)
		return true;
	log_error("cannot start: out of memory");
	return false;
}

void teller_tell(struct teller *teller, const struct watch_record *record, const char *cgroup)
{
	struct strbuf *lines = output_lines(teller->output);

	if (!(teller->events & 1U << record->type))
		return;
	teller->count++;
	teller->surroundings.cgroup = cgroup;
	if (teller->json)
		event_json(lines, record, &teller->surroundings);
	else
		print_text(teller, lines, record);
}

bool teller_done(const struct teller *teller)
{
	return teller->wanted && teller->count >= teller->wanted;
}

void teller_close(struct teller *teller)
{
	output_free(teller->output);
	cgroup_names_free(teller->cgroups);
}
