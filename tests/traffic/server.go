// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"time"
)

const (
	// A client that says nothing for so long is gone, even if its kernel could not tell us.
	silenceLimit  = 5 * time.Minute
	acceptBackoff = 100 * time.Millisecond
)

func runServer(ctx context.Context, o options) error {
	listener, err := listen(ctx, o.address)
	if err != nil {
		return err
	}
	log.SetFlags(0)
	log.SetPrefix("traffic: ")
	log.Printf("listening on %s", listener.Addr())
	return serve(ctx, listener)
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	config := plainListener()
	// Go sets SO_REUSEADDR: a restarted server does not wait for the old connections to be forgotten.
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on '%s': %w (choose another -address, or end what uses it)",
			address, err)
	}
	return listener, nil
}

// serve echoes until ctx ends.
func serve(ctx context.Context, listener net.Listener) error {
	go func() {
		<-ctx.Done()
		listener.Close()
	}()
	for {
		conn, err := listener.Accept()
		switch {
		case err == nil:
			go sendBack(conn)
		case errors.Is(err, net.ErrClosed):
			return nil
		default:
			// No file descriptors left, or the client gave up: neither is a reason to end.
			log.Printf("cannot accept a connection: %v (raise 'ulimit -n' if files ran out)", err)
			if sleep(ctx, acceptBackoff) != nil {
				return nil
			}
		}
	}
}

// sendBack does so until the client has sent its last byte, and everything that came before. It
// copies by hand: io.Copy would splice, at the price of a pipe's two descriptors per connection.
func sendBack(conn net.Conn) {
	defer conn.Close()
	buf := make([]byte, 16*1024)
	for {
		if err := conn.SetReadDeadline(time.Now().Add(silenceLimit)); err != nil {
			return
		}
		n, err := conn.Read(buf)
		if n > 0 {
			if _, err := conn.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
