// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestDefaultsAreThoseOfCtraffic(t *testing.T) {
	o, err := parseOptions([]string{"-monitor=false"}, io.Discard)
	wanted := options{address: "[::1]:5003", nconn: 1, rate: 10, timeout: 10 * time.Second,
		psize: 1024, reconnect: true, retries: 10, flow: flowEcho}
	if err != nil || o != wanted {
		t.Errorf("%+v, %v; wanted %+v", o, err, wanted)
	}
}

func TestSmallPacketsAreRaised(t *testing.T) {
	if o, err := parseOptions([]string{"-psize", "1"}, io.Discard); err != nil || o.psize != 64 {
		t.Errorf("psize %d, %v; wanted 64", o.psize, err)
	}
}

func TestRateIsShared(t *testing.T) {
	o := options{nconn: 4, rate: 8, psize: 1024}
	if got := o.interval(); got != 500*time.Millisecond {
		t.Errorf("a packet each %v, wanted 500ms: 8 KB/s over 4 connections", got)
	}
}

// Each is exit status 2, and says what was wrong.
func TestUsageErrors(t *testing.T) {
	cases := map[string]string{
		"":                     "no options",
		"-nosuch":              "nosuch",
		"-server extra":        "extra",
		"-address 192.168.1.2": "-address",
		"-address ::1:5003":    "-address",
		"-address [::1]:70000": "port",
		"-nconn 0":             "-nconn",
		"-nconn many":          "-nconn",
		"-rate 0":              "-rate",
		"-rate NaN":            "-rate",
		"-rate Inf":            "-rate",
		"-timeout 10":          "-timeout",
		"-timeout -1s":         "-timeout",
		"-psize 0":             "-psize",
		"-retries 0":           "-retries",
		"-flow sideways":       "-flow",
		"-patience -1s":        "-patience",
		"-accept -1":           "-accept",
	}
	for line, part := range cases {
		_, err := parseOptions(strings.Fields(line), io.Discard)
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("'%s': error %v, wanted one about '%s'", line, err, part)
		}
	}
}
