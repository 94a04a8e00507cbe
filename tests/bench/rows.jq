# SPDX-License-Identifier: GPL-2.0-or-later
#
# Samples (lines of name, tab, value) to the rows of build/bench.json. A row's value is the mean of
# its samples: a batch holds more or fewer of the timer's ticks, and only the mean counts them right.

def rows: [
	# name, baseline (another row), target: the largest ratio to the baseline
	["no hook"],
	["explicit MPTCP", "no hook"],
	["outside, 1 cgroup", "no hook", 1.03],
	["forced, 1 cgroup", "explicit MPTCP", 1.06],
	["mptcpize", "explicit MPTCP"],
	["outside, 1000 cgroups", "outside, 1 cgroup", 1.05],
	["forced, 1000 cgroups", "forced, 1 cgroup", 1.05],
	["outside, 1 cgroup, depth 12", "outside, 1 cgroup", 1.05],
	["forced, 1 cgroup, depth 12", "forced, 1 cgroup", 1.05],
	["outside, 1000 cgroups, depth 12", "outside, 1 cgroup", 1.05],
	["forced, 1000 cgroups, depth 12", "forced, 1 cgroup", 1.05],
	["explicit MPTCP, 1 cgroup", "explicit MPTCP"],
	["explicit MPTCP, 1000 cgroups", "explicit MPTCP"],
	["outside, --comm", "no hook"],
	["forced, --comm", "explicit MPTCP"],
	["outside, --uid", "no hook"],
	["forced, --uid", "explicit MPTCP"],
	["forced, --all", "explicit MPTCP"]
];

# A call, of an option that the bridge passes on and of one that it answers. The kernel's hook alone costs as much
# as the call: the targets are for what the programs add to it.
def option_rows: [
	("set", "get" |
		["\(.) not bridged, no program"],
		["\(.) not bridged, empty program", "\(.) not bridged, no program"],
		["\(.) not bridged, mptcp-force", "\(.) not bridged, empty program", 1.10],
		["\(.) bridged, TCP, no program"],
		["\(.) bridged, TCP, empty program", "\(.) bridged, TCP, no program"],
		["\(.) bridged, mptcp-force", "\(.) bridged, TCP, empty program", 1.40])
];

# Traffic through the lab, with both ends and the observer on the one processor.
def watch_rows: [
	["bulk, none"],
	["bulk, mptcp-watch", "bulk, none", 1.02],
	["bulk, ip mptcp monitor", "bulk, none"],
	["short, none"],
	["short, mptcp-watch", "short, none", 1.05],
	["short, ip mptcp monitor", "short, none"]
];

# A call of a probe that runs per packet.
def probe_rows: [
	["data_sent, idle"],
	["data_sent, another connection stuck", "data_sent, idle", 1.05],
	["data_acked, idle"],
	["data_acked, another connection stuck", "data_acked, idle", 1.05],
	["data_acked, fallen back", "data_acked, idle"]
];

def mean: add / length;
def round_to(places): . * pow(10; places) | round / pow(10; places);

def cost_row($values; $unit; $judged):
	. as [$name, $baseline, $target] |
	$values[$name] as $value |
	(if $baseline then $value / $values[$baseline] else null end) as $ratio |
	{
		name: $name,
		value: ($value | round_to(1)),
		unit: $unit,
		baseline: (if $baseline then $values[$baseline] | round_to(1) else null end),
		baseline_name: $baseline,
		ratio: (if $ratio then $ratio | round_to(4) else null end),
		target: $target,
		passed: (if $judged and $target then $ratio <= $target else null end)
	};

# A figure of its own: the target is the largest value.
def plain_row($value; $unit; $target; $judged):
	{
		name: ., value: $value, unit: $unit, baseline: null, baseline_name: null, ratio: null,
		target: $target,
		passed: (if $judged and $target then $value <= $target else null end)
	};

[inputs | split("\t") | {name: .[0], value: (.[1] | tonumber)}] | group_by(.name) |
map({key: .[0].name, value: (map(.value) | mean)}) | from_entries |
. as $values |
(if $native then "ns" else "instructions" end) as $unit |
[
	(rows[] | cost_row($values; $unit; $native | not)),
	(option_rows[] | cost_row($values; $unit; $native | not)),
	("1 cgroup", "1000 cgroups" | . as $scope |
		("resident, \($scope)" |
			plain_row($values[.] | round; "kB"; 6000; $native | not)),
		("resident peak, \($scope)" | plain_row($values[.] | round; "kB"; null; false)),
		("start to enforcing, \($scope)" | plain_row($values[.] | round; $unit; null; false))),
	(watch_rows[] | cost_row($values; $unit; $native | not)),
	(probe_rows[] | cost_row($values; $unit; $native | not)),
	("line of text, to a file", "line of JSON, to a file" |
		plain_row($values[.]; "instructions"; 2000; true)),
	# Nobody reads these: they are counted, not formatted.
	("line of text, to /dev/null", "line of JSON, to /dev/null" |
		plain_row($values[.]; "instructions"; 500; true)),
	("watch resident, 2000 connections" |
		plain_row($values[.] | round; "kB"; 8000; $native | not)),
	("watch resident peak, 2000 connections" |
		plain_row($values[.] | round; "kB"; null; false)),
	("clock" | plain_row($values[.]; "ns per instruction"; null; false))
]
