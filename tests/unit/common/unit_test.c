// SPDX-License-Identifier: GPL-2.0-or-later
/* The cgroup of a systemd unit, as systemd's answers say. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <systemd/sd-bus.h>

#include "common/cgroup.h"
#include "common/fixture.h"
#include "common/unit.h"

/* What systemd answers. */
static struct {
	int private_error, system_error, load_error; /* negative errnos */
	const char *id, *load_state, *cgroup, *slice;
	const char *asked;     /* the name of the unit */
	const char *interface; /* of its cgroup */
	bool unmounted;
} systemd;

/* Neither is looked into. */
static char bus, message;
#define SYSTEM_BUS ((sd_bus *)&bus)
#define REPLY	   ((sd_bus_message *)&message)

int __wrap_sd_bus_start(sd_bus *started);
int __wrap_sd_bus_open_system(sd_bus **opened);
sd_bus *__wrap_sd_bus_flush_close_unref(sd_bus *closed);
sd_bus *__real_sd_bus_flush_close_unref(sd_bus *closed);
int __wrap_sd_bus_call_method(sd_bus *called, const char *destination, const char *path,
			      const char *interface, const char *member, sd_bus_error *error,
			      sd_bus_message **reply, const char *types, const char *argument);
int __wrap_sd_bus_message_read(sd_bus_message *read, const char *types, const char **value);
sd_bus_message *__wrap_sd_bus_message_unref(sd_bus_message *unused);
int __wrap_sd_bus_get_property_string(sd_bus *called, const char *destination, const char *path,
				      const char *interface, const char *member,
				      sd_bus_error *error, char **value);
int __wrap_cgroup_find_mount(struct cgroup_mount *mount);

int __wrap_sd_bus_start(sd_bus *started)
{
	assert_non_null(started);
	return systemd.private_error;
}

int __wrap_sd_bus_open_system(sd_bus **opened)
{
	*opened = SYSTEM_BUS;
	if (systemd.system_error)
		*opened = NULL;
	return systemd.system_error;
}

sd_bus *__wrap_sd_bus_flush_close_unref(sd_bus *closed)
{
	return closed == SYSTEM_BUS ? NULL : __real_sd_bus_flush_close_unref(closed);
}

int __wrap_sd_bus_call_method(sd_bus *called, const char *destination, const char *path,
			      const char *interface, const char *member, sd_bus_error *error,
			      sd_bus_message **reply, const char *types, const char *argument)
{
	assert_true((called == SYSTEM_BUS) == (systemd.private_error < 0));
	assert_string_equal(destination, "org.freedesktop.systemd1");
	assert_string_equal(path, "/org/freedesktop/systemd1");
	assert_string_equal(interface, "org.freedesktop.systemd1.Manager");
	assert_string_equal(member, "LoadUnit");
	assert_null(error);
	assert_string_equal(types, "s");
	systemd.asked = argument;
	*reply = REPLY;
	return systemd.load_error;
}

int __wrap_sd_bus_message_read(sd_bus_message *read, const char *types, const char **value)
{
	assert_ptr_equal(read, REPLY);
	assert_string_equal(types, "o");
	*value = "/unit";
	return 1;
}

sd_bus_message *__wrap_sd_bus_message_unref(sd_bus_message *unused)
{
	(void)unused;
	return NULL;
}

int __wrap_sd_bus_get_property_string(sd_bus *called, const char *destination, const char *path,
				      const char *interface, const char *member,
				      sd_bus_error *error, char **value)
{
	const char *text = "";

	(void)called;
	(void)destination;
	assert_null(error);
	assert_string_equal(path, "/unit");
	if (strcmp(member, "Id") == 0)
		text = systemd.id;
	else if (strcmp(member, "LoadState") == 0)
		text = systemd.load_state;
	else if (strcmp(member, "Slice") == 0)
		text = systemd.slice;
	else
		assert_string_equal(member, "ControlGroup");
	if (strcmp(member, "ControlGroup") == 0) {
		text = systemd.cgroup;
		systemd.interface = interface;
	}
	*value = strdup(text);
	return 0;
}

int __wrap_cgroup_find_mount(struct cgroup_mount *mount)
{
	snprintf(mount->path, sizeof(mount->path), "/mount");
	return systemd.unmounted ? -ENOENT : 0;
}

/* By default, a service that does not run. */
static int set_up(void **state)
{
	(void)state;
	memset(&systemd, 0, sizeof(systemd));
	systemd.private_error = -ENOENT;
	systemd.id = "web.service";
	systemd.load_state = "loaded";
	systemd.cgroup = "";
	systemd.slice = "system.slice";
	return 0;
}

static void assert_found(const char *name, const char *wanted)
{
	char path[64];

	assert_int_equal(unit_find_cgroup(name, path, sizeof(path)), STATUS_OK);
	assert_string_equal(path, wanted);
	assert_string_equal(systemd.asked, name);
}

static void assert_not_found(enum exit_status wanted, const char *text)
{
	enum exit_status status;
	const char *printed;
	char path[64];

	capture_start();
	status = unit_find_cgroup("web.service", path, sizeof(path));
	printed = capture_end();
	assert_int_equal(status, wanted);
	assert_contains(printed, text);
}

static void test_running(void **state)
{
	(void)state;
	systemd.cgroup = "/other.slice/web.service";
	assert_found("web.service", "/mount/other.slice/web.service");
	assert_string_equal(systemd.interface, "org.freedesktop.systemd1.Service");
	/* Its file was removed since. */
	systemd.load_state = "not-found";
	assert_found("web.service", "/mount/other.slice/web.service");
}

static void test_not_running(void **state)
{
	(void)state;
	assert_found("web.service", "/mount/system.slice/web.service");
	assert_found("alias.service", "/mount/system.slice/web.service");
	systemd.id = "a-b.slice";
	systemd.slice = "a.slice";
	assert_found("a-b.slice", "/mount/a.slice/a-b.slice");
	assert_string_equal(systemd.interface, "org.freedesktop.systemd1.Slice");
}

static void test_private_socket(void **state)
{
	(void)state;
	systemd.private_error = 0;
	systemd.cgroup = "/init.scope";
	assert_found("init.scope", "/mount/init.scope");
	assert_string_equal(systemd.interface, "org.freedesktop.systemd1.Scope");
}

static void test_unknown(void **state)
{
	(void)state;
	systemd.load_state = "not-found";
	assert_not_found(STATUS_FAILED,
			 "cannot find the cgroup of unit 'web.service': systemd does not know the "
			 "unit (check the name: 'systemctl list-units --all' and 'systemctl "
			 "list-unit-files' list units)\n");
	systemd.load_state = "masked";
	assert_not_found(STATUS_FAILED,
			 "cannot find the cgroup of unit 'web.service': its load state is 'masked' "
			 "('systemctl status web.service' shows why)\n");
}

static void test_unreachable(void **state)
{
	(void)state;
	systemd.system_error = -ENOENT;
	assert_not_found(
		STATUS_FAILED,
		"cannot ask systemd for unit 'web.service': No such file or directory (is "
		"systemd running here? Otherwise use --cgroup with the path of a cgroup)\n");
	systemd.system_error = -EACCES;
	assert_not_found(STATUS_NOT_PERMITTED, "'web.service': Permission denied (");
	systemd.system_error = 0;
	systemd.load_error = -ETIMEDOUT;
	assert_not_found(STATUS_FAILED, "'web.service': Connection timed out (");
}

static void test_no_path(void **state)
{
	(void)state;
	systemd.unmounted = true;
	assert_not_found(STATUS_FAILED, "cannot find the cgroup of unit 'web.service': cgroup v2 "
					"is not mounted (use --cgroup with its path)\n");
	systemd.unmounted = false;
	systemd.slice = "aaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb.slice";
	assert_not_found(STATUS_FAILED, "'web.service': File name too long (");
}

#define test_of(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_running), test_of(test_not_running), test_of(test_private_socket),
		test_of(test_unknown), test_of(test_unreachable), test_of(test_no_path),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
