// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "event.h"
#include "printer.h"

/* no-color.org: NO_COLOR counts if it is set and not empty. */
static bool colour_wanted(void)
{
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

/* The terminal's current width in columns; 0: there is no terminal, or its width is unknown. */
static unsigned int terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/*
 * This is common when only the recording is wanted. A read-only /dev/null replaced a closed standard output
 * (ensure_std_fds()): printing there must be an error.
 */
static bool stdout_is_null(void)
{
	struct stat output, null;

	return (fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) != O_RDONLY &&
	       !fstat(STDOUT_FILENO, &output) && S_ISCHR(output.st_mode) &&
	       !stat("/dev/null", &null) && output.st_rdev == null.st_rdev;
}

static void print_text(struct printer *printer, const struct watch_record *record,
		       const struct print_context *context)
{
	struct strbuf *lines = output_lines(printer->output);

	if (!printer->wide)
		printer->style.width = terminal_width();
	day_line(&printer->day, lines, event_wall_ns(record, context->wall_offset_ns));
	event_text(lines, record, context, &printer->style);
}

bool printer_open(struct printer *printer, const struct watch_options *chosen, int signal_fd)
{
	*printer = (struct printer){
		.output = output_new(signal_fd),
		.style.colour = colour_wanted(),
		.events = chosen->filter.events,
		.wanted = chosen->count,
		.json = chosen->json,
		.wide = chosen->wide || !isatty(STDOUT_FILENO),
		.discard = stdout_is_null(),
	};
	if (printer->output)
		return true;
	log_error("cannot start: out of memory");
	return false;
}

bool printer_shows_cgroup(const struct printer *printer)
{
	return printer->json && !printer->discard;
}

void printer_print(struct printer *printer, const struct watch_record *record,
		   const struct print_context *context)
{
	if (!(printer->events & 1U << record->type))
		return;
	printer->count++;
	if (printer->discard)
		return;
	if (printer->json)
		event_json(output_lines(printer->output), record, context);
	else
		print_text(printer, record, context);
}

bool printer_done(const struct printer *printer)
{
	return printer->wanted && printer->count >= printer->wanted;
}

void printer_close(struct printer *printer)
{
	output_free(printer->output);
}
