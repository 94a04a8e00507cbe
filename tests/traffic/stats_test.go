// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// Scripts written for ctraffic read these, and a reader of both wants ours after them.
func TestReportKeys(t *testing.T) {
	var out bytes.Buffer
	if err := (report{Duration: time.Second, LongestOutage: 5}).write(&out); err != nil {
		t.Fatal(err)
	}
	keys := []string{"Started", "Duration", "Rate", "Connections", "PacketSize", "FailedConnections", "Sent",
		"Received", "Dropped", "Retransmits", "FailedConnects", "LongestOutage", "Corrupt", "Survived"}
	var parsed map[string]interface{}
	if err := json.Unmarshal(out.Bytes(), &parsed); err != nil {
		t.Fatal(err)
	}
	if len(parsed) != len(keys) {
		t.Errorf("%d keys, wanted %d: %s", len(parsed), len(keys), out.String())
	}
	last := -1
	for _, key := range keys {
		at := strings.Index(out.String(), "\""+key+"\":")
		if at <= last {
			t.Errorf("key %s is missing or out of order in %s", key, out.String())
		}
		last = at
	}
	if parsed["Duration"] != float64(1e9) || parsed["LongestOutage"] != float64(5) {
		t.Errorf("durations are not integers in ns: %s", out.String())
	}
	if strings.Count(out.String(), "\n") != 1 {
		t.Errorf("not one line: %q", out.String())
	}
}

func TestSurvived(t *testing.T) {
	end := time.Unix(1000, 0)
	fine := user{lastEcho: end.Add(-900 * time.Millisecond), ended: end}
	silent := user{lastEcho: end.Add(-1100 * time.Millisecond), ended: end}
	broken := fine
	broken.failed = true
	cases := []struct {
		name   string
		users  []user
		rate   float64
		wanted bool
	}{
		{"all well", []user{fine, fine}, 10, true},
		{"one broke", []user{fine, broken}, 10, false},
		{"one fell silent", []user{silent, fine}, 10, false},
		{"one never got an answer", []user{{ended: end}, fine}, 10, false},
		{"slow sender", []user{silent}, 1, true}, // an echo a second
	}
	for _, c := range cases {
		o := options{nconn: 1, rate: c.rate, psize: 1024}
		if got := newReport(o, end, new(counters), c.users).Survived; got != c.wanted {
			t.Errorf("%s: Survived is %v, wanted %v", c.name, got, c.wanted)
		}
	}
}

func TestReportTakesTheLongestOutage(t *testing.T) {
	users := []user{{outage: outage{longest: 3}}, {outage: outage{longest: 7}}, {}}
	o := options{nconn: 3, rate: 10, psize: 1024}
	if got := newReport(o, time.Now(), new(counters), users).LongestOutage; got != 7 {
		t.Errorf("%d, wanted 7", got)
	}
}
