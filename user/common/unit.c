// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-bus.h>

#include "cgroup.h"
#include "log.h"
#include "unit.h"
#include "unit_name.h"

#define SYSTEMD		  "org.freedesktop.systemd1"
#define MANAGER		  "/org/freedesktop/systemd1"
#define MANAGER_INTERFACE SYSTEMD ".Manager"
#define UNIT_INTERFACE	  SYSTEMD ".Unit"

/* systemd's own socket, for root: it is there before the bus, and on hosts without one. */
#define PRIVATE_ADDRESS "unix:path=/run/systemd/private"

/* What systemd knows of a unit. */
struct unit {
	char *id;	  /* the name; the unit may have been asked for by an alias */
	char *load_state; /* "loaded", "not-found", "masked", ... */
	char *cgroup;	  /* path below the root of the hierarchy; empty: it does not run */
	char *slice;
};

static int open_private(sd_bus **result)
{
	sd_bus *bus;
	int err = sd_bus_new(&bus);

	if (err < 0)
		return err;
	err = sd_bus_set_address(bus, PRIVATE_ADDRESS);
	if (err >= 0)
		err = sd_bus_start(bus);
	if (err < 0)
		sd_bus_unref(bus);
	else
		*result = bus;
	return err;
}

static int open_bus(sd_bus **bus)
{
	int err = open_private(bus);

	return err < 0 ? sd_bus_open_system(bus) : err;
}

/* The interface with the properties of a service, slice or scope. */
static const char *interface_of(const char *name)
{
	const char *type = strrchr(name, '.');

	if (strcmp(type, ".slice") == 0)
		return SYSTEMD ".Slice";
	return strcmp(type, ".scope") == 0 ? SYSTEMD ".Scope" : SYSTEMD ".Service";
}

static int read_properties(sd_bus *bus, const char *object, const char *name, struct unit *unit)
{
	const char *interface = interface_of(name);
	const struct {
		const char *interface, *property;
		char **value;
	} properties[] = { { UNIT_INTERFACE, "Id", &unit->id },
			   { UNIT_INTERFACE, "LoadState", &unit->load_state },
			   { interface, "ControlGroup", &unit->cgroup },
			   { interface, "Slice", &unit->slice } };
	size_t i;
	int err = 0;

	for (i = 0; err >= 0 && i < sizeof(properties) / sizeof(properties[0]); i++)
		err = sd_bus_get_property_string(bus, SYSTEMD, object, properties[i].interface,
						 properties[i].property, NULL, properties[i].value);
	return err;
}

/* Loads the unit, as 'systemctl show' does. One that does not exist is loaded too, as "not-found". */
static int read_unit(sd_bus *bus, const char *name, struct unit *unit)
{
	sd_bus_message *reply = NULL;
	const char *object;
	int err = sd_bus_call_method(bus, SYSTEMD, MANAGER, MANAGER_INTERFACE, "LoadUnit", NULL,
				     &reply, "s", name);

	if (err >= 0)
		err = sd_bus_message_read(reply, "o", &object);
	if (err >= 0)
		err = read_properties(bus, object, name, unit);
	sd_bus_message_unref(reply);
	return err;
}

static void free_unit(struct unit *unit)
{
	free(unit->id);
	free(unit->load_state);
	free(unit->cgroup);
	free(unit->slice);
}

static enum exit_status cannot_load(const char *name, const char *load_state)
{
	if (strcmp(load_state, "not-found") == 0)
		log_error("cannot find the cgroup of unit '%s': systemd does not know the unit "
			  "(check the name: 'systemctl list-units --all' and "
			  "'systemctl list-unit-files' list units)",
			  name);
	else
		log_error("cannot find the cgroup of unit '%s': its load state is '%s' "
			  "('systemctl status %s' shows why)",
			  name, load_state, name);
	return STATUS_FAILED;
}

/* A unit that runs has a cgroup even if its file was removed since. */
static enum exit_status choose_path(const char *name, const struct unit *unit, char *path,
				    size_t size)
{
	const bool runs = unit->cgroup[0] != '\0';
	struct cgroup_mount mount;
	char expected[PATH_MAX];
	int err = cgroup_find_mount(&mount);

	if (!runs && strcmp(unit->load_state, "loaded") != 0)
		return cannot_load(name, unit->load_state);
	if (!err && !runs)
		err = unit_name_to_path(unit->id, unit->slice, expected, sizeof(expected));
	if (!err &&
	    snprintf(path, size, "%s%s", mount.path, runs ? unit->cgroup : expected) >= (int)size)
		err = -ENAMETOOLONG;
	if (err)
		log_error("cannot find the cgroup of unit '%s': %s (use --cgroup with its path)",
			  name, err == -ENOENT ? "cgroup v2 is not mounted" : strerror(-err));
	return err ? STATUS_FAILED : STATUS_OK;
}

enum exit_status unit_find_cgroup(const char *name, char *path, size_t size)
{
	struct unit unit = { 0 };
	sd_bus *bus = NULL;
	enum exit_status status;
	int err = open_bus(&bus);

	if (err >= 0)
		err = read_unit(bus, name, &unit);
	if (err < 0) {
		log_error("cannot ask systemd for unit '%s': %s (is systemd running here? "
			  "Otherwise use --cgroup with the path of a cgroup)",
			  name, strerror(-err));
		status = status_of_errno(-err);
	} else {
		status = choose_path(name, &unit, path, size);
	}
	free_unit(&unit);
	sd_bus_flush_close_unref(bus);
	return status;
}
