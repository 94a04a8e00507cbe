// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"errors"
	"math/rand"
	"time"
)

var errRunOver = errors.New("the run is over")

// A pacer is a token bucket that holds bytes. The bucket takes up to ten packets: a connection that
// had an outage has that many to catch up with, and the client counts them as dropped.
type pacer struct {
	perSecond float64
	packet    float64
	tokens    float64
	last      time.Time
}

const bucketPackets = 10

// newPacer starts at a random fill below one packet, so that the connections of a run do not all send
// at the same moment.
func newPacer(perSecond float64, psize int, now time.Time) *pacer {
	return &pacer{
		perSecond: perSecond,
		packet:    float64(psize),
		tokens:    rand.Float64() * float64(psize),
		last:      now,
	}
}

func (p *pacer) refill(now time.Time) {
	if now.After(p.last) {
		p.tokens += now.Sub(p.last).Seconds() * p.perSecond
		p.last = now
	}
	if most := p.packet * bucketPackets; p.tokens > most {
		p.tokens = most
	}
}

// take returns whether the next packet is due, and if so takes its bytes.
func (p *pacer) take(now time.Time) bool {
	p.refill(now)
	if p.tokens < p.packet {
		return false
	}
	p.tokens -= p.packet
	return true
}

// due is when the next packet may go.
func (p *pacer) due(now time.Time) time.Time {
	p.refill(now)
	// A nanosecond more, so that rounding never wakes us a hair too early.
	missing := (p.packet - p.tokens) / p.perSecond * float64(time.Second)
	if missing > float64(time.Hour)*1e6 {
		missing = float64(time.Hour) * 1e6
	}
	return now.Add(time.Duration(missing) + 1)
}

// wait takes the bytes of one packet once it is due. It fails at once when that will not be before the
// end of the run, as ctraffic does: nobody sleeps just to find out that it is too late.
func (p *pacer) wait(ctx context.Context) error {
	for {
		now := time.Now()
		if ctx.Err() != nil {
			return errRunOver
		}
		if p.take(now) {
			return nil
		}
		due := p.due(now)
		if end, ok := ctx.Deadline(); ok && due.After(end) {
			return errRunOver
		}
		if err := sleep(ctx, due.Sub(now)); err != nil {
			return errRunOver
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
