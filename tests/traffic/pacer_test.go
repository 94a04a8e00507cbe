// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"testing"
	"time"
)

func TestPacerKeepsTheRate(t *testing.T) {
	now := time.Unix(1000, 0)
	end := now.Add(10 * time.Second)
	p := newPacer(10*1024, 1024, now)
	packets := 0
	for {
		now = p.due(now)
		if now.After(end) {
			break
		}
		if !p.take(now) {
			t.Fatal("not due when it said it would be")
		}
		packets++
	}
	// 10 a second; the first one comes at a random time.
	if packets < 99 || packets > 101 {
		t.Errorf("%d packets in 10 s, wanted 100", packets)
	}
}

func TestPacerCatchesUpWithTenPackets(t *testing.T) {
	now := time.Unix(1000, 0)
	p := newPacer(10*1024, 1024, now)
	for p.take(now) {
		t.Fatal("a packet is due at the very start")
	}
	now = now.Add(time.Minute)
	packets := 0
	for p.take(now) {
		packets++
	}
	if packets != bucketPackets {
		t.Errorf("%d packets are due after a minute of outage, wanted %d", packets, bucketPackets)
	}
}

func TestPacerDoesNotWaitInVain(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	start := time.Now()
	p := newPacer(1, 1<<20, start)
	if p.wait(ctx) == nil {
		t.Error("got a packet that is due in twelve days")
	}
	if time.Since(start) > 30*time.Second {
		t.Error("waited for a packet that is due after the end of the run")
	}
}

func TestPacerEndsWithTheRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := newPacer(1e9, 64, time.Now())
	if p.wait(ctx) == nil {
		t.Error("got a packet after the end of the run")
	}
}
