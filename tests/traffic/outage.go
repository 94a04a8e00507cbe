// SPDX-License-Identifier: GPL-2.0-or-later

package main

import "time"

// An outage tracks the longest time that one user of the network went without an answer.
//
// It starts when the first connection is made. Only a completed echo ends an outage: neither the
// death of the connection nor a new one that has not carried anything yet brings the user further. The
// wait for the next packet's turn is part of it, so it cannot be less than the interval of sending.
type outage struct {
	since   time.Time
	longest time.Duration
}

// begin starts the clock, unless it runs already.
func (o *outage) begin(now time.Time) {
	if o.since.IsZero() {
		o.since = now
	}
}

// progress is called for each completed echo, and once at the end.
func (o *outage) progress(now time.Time) {
	if o.since.IsZero() {
		return
	}
	if d := now.Sub(o.since); d > o.longest {
		o.longest = d
	}
	o.since = now
}
