// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"testing"
	"time"
)

func TestOutage(t *testing.T) {
	zero := time.Unix(1000, 0)
	at := func(ms int) time.Time { return zero.Add(time.Duration(ms) * time.Millisecond) }
	cases := []struct {
		name   string
		echoes []int // ms after the connection was made
		end    int
		wanted time.Duration
	}{
		{"between echoes", []int{10, 20, 250, 260}, 270, 230 * time.Millisecond},
		{"before the first", []int{300, 310}, 320, 300 * time.Millisecond},
		{"after the last", []int{10, 20}, 520, 500 * time.Millisecond},
		{"never answered", nil, 700, 700 * time.Millisecond},
	}
	for _, c := range cases {
		var s outage
		s.begin(at(0))
		for _, ms := range c.echoes {
			s.progress(at(ms))
		}
		s.progress(at(c.end))
		if s.longest != c.wanted {
			t.Errorf("%s: %v, wanted %v", c.name, s.longest, c.wanted)
		}
	}
}

func TestOutageOutlivesTheConnection(t *testing.T) {
	var s outage
	zero := time.Unix(1000, 0)
	s.begin(zero)
	s.progress(zero.Add(time.Second))
	s.begin(zero.Add(9 * time.Second)) // re-created; carries nothing yet
	s.progress(zero.Add(10 * time.Second))
	if s.longest != 9*time.Second {
		t.Errorf("%v, wanted 9s", s.longest)
	}
}

func TestOutageWithoutConnection(t *testing.T) {
	var s outage
	s.progress(time.Unix(1000, 0))
	if s.longest != 0 {
		t.Errorf("%v, wanted 0: nothing was ever connected", s.longest)
	}
}
