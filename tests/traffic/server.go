// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	// A client that says nothing for so long is gone, even if its kernel could not report it.
	silenceLimit  = 5 * time.Minute
	acceptBackoff = 100 * time.Millisecond
)

// runServer listens until ctx ends, with pauses: a program that stops listening is a case of its own,
// because then MPTCP cannot add subflows to the connections that it has.
func runServer(ctx context.Context, o options) error {
	deaf, listens := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(deaf, syscall.SIGUSR1)
	signal.Notify(listens, syscall.SIGUSR2)
	log.SetFlags(0)
	log.SetPrefix("traffic: ")
	for {
		listener, err := listen(ctx, o.address)
		if err != nil {
			return err
		}
		log.Printf("listening on %s", listener.Addr())
		listening, stop := context.WithCancel(ctx)
		go func() {
			select {
			case <-deaf:
				stop()
			case <-listening.Done():
			}
		}()
		err = serve(listening, listener, o)
		stop()
		if err != nil || ctx.Err() != nil {
			return err
		}
		log.Printf("no longer listening on %s", listener.Addr())
		select {
		case <-listens:
		case <-ctx.Done():
			return nil
		}
	}
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

// serve takes connections until ctx ends, or there were as many as -accept says.
func serve(ctx context.Context, listener net.Listener, o options) error {
	defer listener.Close()
	go func() {
		<-ctx.Done()
		listener.Close()
	}()
	for accepted := 0; o.accept == 0 || accepted < o.accept; {
		conn, err := listener.Accept()
		switch {
		case err == nil:
			accepted++
			go answer(conn, o)
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
	return nil
}

func answer(conn net.Conn, o options) {
	if o.flow == flowEcho {
		sendBack(conn)
		return
	}
	if err := answerStream(conn, o); err != nil {
		log.Printf("connection from '%s': %v", conn.RemoteAddr(), err)
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
