// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"encoding/json"
	"io"
	"sync/atomic"
	"time"
)

// counters are shared by all connections. Sent, received and dropped are packets.
type counters struct {
	sent, received, dropped           atomic.Uint32
	failedConnections, failedConnects atomic.Uint32
	retransmits                       atomic.Uint32
	made                              atomic.Uint32 // connections begun, also those that were never established
	established                       atomic.Uint32
	active, connecting                atomic.Int32
	corrupt                           atomic.Uint64
	verified                          atomic.Uint64 // bytes
}

// A report is the closing JSON. The first part has ctraffic's keys, types and units; the last three
// keys are ours.
type report struct {
	Started           time.Time
	Duration          time.Duration // ns
	Rate              float64       // KB/s
	Connections       int
	PacketSize        uint32 // bytes
	FailedConnections uint32 // established, then broken, or without an answer for a second
	Sent              uint32 // packets
	Received          uint32 // packets
	Dropped           uint32 // packets that were due while their connection waited for an answer
	Retransmits       uint32 // segments, by the kernel's account
	FailedConnects    uint32 // attempts

	// The longest time, in ns, that one of the -nconn users went without a completed echo, from its
	// first connection to its end; see outage.
	LongestOutage time.Duration
	// Bytes that came back and were not those that had been sent.
	Corrupt uint64
	// Each of the -nconn connections was made, never failed, and was still answered at its end: its
	// last echo is at most a second older (two intervals of sending, if that is more).
	Survived bool
}

func newReport(o options, started time.Time, c *counters, users []user) report {
	r := report{
		Started:           started,
		Duration:          time.Since(started),
		Rate:              o.rate,
		Connections:       o.nconn,
		PacketSize:        uint32(o.psize),
		FailedConnections: c.failedConnections.Load(),
		Sent:              c.sent.Load(),
		Received:          c.received.Load(),
		Dropped:           c.dropped.Load(),
		Retransmits:       c.retransmits.Load(),
		FailedConnects:    c.failedConnects.Load(),
		Corrupt:           c.corrupt.Load(),
		Survived:          true,
	}
	recent := answeredWithin(o.interval())
	for i := range users {
		if d := users[i].outage.longest; d > r.LongestOutage {
			r.LongestOutage = d
		}
		r.Survived = r.Survived && users[i].survived(recent)
	}
	return r
}

// answeredWithin is how old the last echo of a living connection may be at the end.
func answeredWithin(interval time.Duration) time.Duration {
	if 2*interval > time.Second {
		return 2 * interval
	}
	return time.Second
}

func (r report) write(out io.Writer) error {
	return json.NewEncoder(out).Encode(r)
}
