// SPDX-License-Identifier: GPL-2.0-or-later

// Debian 12's Go is the floor. No requirements: the program must build offline.
module mptcp-force.invalid/traffic

go 1.19
