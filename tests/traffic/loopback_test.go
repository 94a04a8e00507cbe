// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// startServer runs the real server on a free port and returns the port's address.
func startServer(t *testing.T, host string) string {
	t.Helper()
	return startServerWith(t, host, options{flow: flowEcho})
}

func startServerWith(t *testing.T, host string, o options) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listener, err := listen(ctx, net.JoinHostPort(host, "0"))
	if err != nil {
		cancel()
		t.Skipf("cannot listen on %s here: %v", host, err)
	}
	done := make(chan error)
	go func() { done <- serve(ctx, listener, o) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// startBadServer runs one that handles each connection as given.
func startBadServer(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go handle(conn)
		}
	}()
	return listener.Addr().String()
}

func measure(address string, o options) (*client, report) {
	o.address = address
	started := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), o.timeout)
	defer cancel()
	c := &client{opts: o, run: 1, giveUp: cancel}
	users := c.serveUsers(ctx)
	return c, newReport(o, started, &c.counters, users)
}

// atPace runs it until a run had the wanted number of packets and survived: on a busy machine, not every run can keep
// its pace. What holds at any pace is checked for each.
func atPace(t *testing.T, address string, o options, least, most uint32, check func(report)) {
	t.Helper()
	o.timeout, o.reconnect, o.retries, o.patience = time.Second, true, 1, time.Minute
	var r report
	for attempt := 0; attempt < 20; attempt++ {
		var c *client
		c, r = measure(address, o)
		if c.established.Load() < uint32(o.nconn) {
			continue // the run was over before
		}
		if err := c.verdict(); err != nil {
			t.Fatal(err)
		}
		if r.FailedConnections+r.FailedConnects != 0 || r.Corrupt != 0 {
			t.Fatalf("something failed: %+v", r)
		}
		check(r)
		if packets := r.Received + r.Dropped; r.Survived && least <= packets && packets <= most {
			return
		}
	}
	t.Errorf("no run survived with %d to %d packets; the last: %+v", least, most, r)
}

func TestLoopback(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		// 20 packets a second each, of a size that is a multiple of nothing.
		o := options{flow: flowEcho, nconn: 3, rate: 60, psize: 1021}
		atPace(t, startServer(t, host), o, 30, 70, func(r report) {
			if r.Received != r.Sent {
				t.Errorf("%s: wanted all packets back: %+v", host, r)
			}
			// Less than one packet per connection more than the rate allows.
			if most := o.rate*1024/float64(o.psize)*r.Duration.Seconds() + float64(o.nconn); float64(r.Received+r.Dropped) > most {
				t.Errorf("%s: wanted at most %v packets: %+v", host, most, r)
			}
			if r.LongestOutage <= 0 || r.LongestOutage > r.Duration {
				t.Errorf("%s: outage %v in a run of %v", host, r.LongestOutage, r.Duration)
			}
		})
	}
}

func TestStreams(t *testing.T) {
	for _, flow := range []string{flowDown, flowBoth} {
		o := options{flow: flow, nconn: 3, rate: 60, psize: 1021}
		server := o
		server.nconn, server.patience = 1, time.Minute
		atPace(t, startServerWith(t, "127.0.0.1", server), o, 90, 240, func(r report) {
			if flow == flowDown && r.Sent != 0 || flow == flowBoth && r.Sent == 0 && r.Received >= 90 {
				t.Errorf("%s: %+v", flow, r)
			}
		})
	}
}

// A stream from another connection does not pass for ours.
func TestWrongStreamIsAFailure(t *testing.T) {
	address := startBadServer(t, func(conn net.Conn) {
		conn.Write(make([]byte, 64))
		io.Copy(io.Discard, conn)
	})
	o := options{flow: flowDown, nconn: 1, rate: 10, psize: 64, timeout: time.Second, retries: 1}
	if _, r := measure(address, o); r.Corrupt == 0 || r.Survived {
		t.Errorf("%+v", r)
	}
}

func TestServerStopsListening(t *testing.T) {
	address := startServerWith(t, "127.0.0.1", options{flow: flowEcho, accept: 1})
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		t.Error("the connection that it took is gone:", err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		second, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		second.Close()
		if time.Now().After(deadline) {
			t.Fatal("it still listens")
		}
	}
}

// A packet that fits in no socket buffer must not block both sides.
func TestHugePackets(t *testing.T) {
	o := options{flow: flowEcho, nconn: 1, rate: 1 << 20, psize: 64 << 20, timeout: 2 * time.Second, reconnect: true, retries: 1}
	_, r := measure(startServer(t, "127.0.0.1"), o)
	if r.Received == 0 || r.FailedConnections != 0 {
		t.Errorf("%+v", r)
	}
}

func TestCorruptionIsAFailure(t *testing.T) {
	var packets atomic.Int32
	address := startBadServer(t, func(conn net.Conn) {
		defer conn.Close()
		buf := make([]byte, 256)
		for {
			if _, err := io.ReadFull(conn, buf); err != nil {
				return
			}
			if packets.Add(1) == 5 {
				buf[17] ^= 0x80
			}
			if _, err := conn.Write(buf); err != nil {
				return
			}
		}
	})
	// Too short for another connection.
	o := options{flow: flowEcho, nconn: 1, rate: 10, psize: 256, timeout: worthReconnecting, reconnect: true, retries: 5}
	c, r := measure(address, o)
	if r.Corrupt != 1 || r.FailedConnections != 1 || r.Survived {
		t.Errorf("one byte was altered: %+v", r)
	}
	if err := c.verdict(); err == nil || !strings.Contains(err.Error(), "corrupted") {
		t.Errorf("the verdict is %v", err)
	}
}

// The server goes silent after some packets: the connection has failed when our patience ends.
func TestSilenceIsAFailure(t *testing.T) {
	address := startBadServer(t, func(conn net.Conn) {
		io.CopyN(conn, conn, 5*256)
		io.Copy(io.Discard, conn)
	})
	o := options{flow: flowEcho, nconn: 1, rate: 10, psize: 256, timeout: time.Minute, reconnect: false, retries: 5,
		patience: 2 * time.Second}
	c, r := measure(address, o)
	if err := c.verdict(); err != nil {
		t.Error("it did connect:", err)
	}
	if r.Received != 5 || r.FailedConnections != 1 || r.Survived {
		t.Errorf("%+v", r)
	}
	if r.LongestOutage < o.patience {
		t.Errorf("outage %v, wanted at least %v", r.LongestOutage, o.patience)
	}
}

func TestReconnectsHaveAnEnd(t *testing.T) {
	address := startBadServer(t, func(conn net.Conn) { conn.Close() })
	o := options{flow: flowEcho, nconn: 2, rate: 1000, psize: 64, timeout: time.Minute, reconnect: true, retries: 3}
	c, r := measure(address, o)
	// The run ends with the first connection that has used up its retries; how far the other got by
	// then depends on the scheduler.
	if r.Duration > 30*time.Second || r.FailedConnections < 3 || r.FailedConnections > 6 {
		t.Errorf("%+v", r)
	}
	if err := c.verdict(); err == nil || !strings.Contains(err.Error(), "-retries") {
		t.Errorf("the verdict is %v", err)
	}
}

func TestNoServer(t *testing.T) {
	o := options{flow: flowEcho, nconn: 1, rate: 10, psize: 64, timeout: 500 * time.Millisecond, reconnect: true, retries: 3}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	c, r := measure(address, o)
	if r.FailedConnects == 0 || r.Survived || r.Sent != 0 {
		t.Errorf("%+v", r)
	}
	if err := c.verdict(); err == nil || !strings.Contains(err.Error(), address) {
		t.Errorf("the verdict is %v", err)
	}
}

// The end of what the client sends is not the end of what it wants back.
func TestServerAnswersHalfClosedConnections(t *testing.T) {
	conn, err := net.Dial("tcp", startServer(t, "127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	sent := make([]byte, 40000)
	newPattern(1, 1).fill(sent, 0)
	if _, err := conn.Write(sent); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil || string(got) != string(sent) {
		t.Errorf("%d bytes came back, %v; wanted %d", len(got), err, len(sent))
	}
}

func TestListenOnUsedPort(t *testing.T) {
	address := startServer(t, "127.0.0.1")
	_, err := listen(context.Background(), address)
	var op *net.OpError
	if !errors.As(err, &op) || !strings.Contains(err.Error(), address) {
		t.Errorf("%v", err)
	}
}
