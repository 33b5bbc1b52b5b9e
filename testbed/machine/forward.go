package main

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"time"
)

// runForward accepts connections on the host's loopback and passes them on inside a network: forward PID TARGET. It
// prints the port that it listens on.
func runForward(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("wants a process id and an address")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go forward(client, args[0], args[1])
		}
	}()
	<-parentGone()
	return nil
}

func forward(client net.Conn, pid, target string) {
	defer client.Close()
	server, err := dialInside(pid, target)
	if err != nil {
		return
	}
	defer server.Close()
	done := make(chan struct{}, 2)
	copyOneWay := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		_ = to.(*net.TCPConn).CloseWrite()
		done <- struct{}{}
	}
	go copyOneWay(server, client)
	go copyOneWay(client, server)
	<-done
	<-done
}

// dialInside connects from inside the network of a process. A socket stays in the network it was made in.
func dialInside(pid, target string) (net.Conn, error) {
	type result struct {
		conn net.Conn
		err  error
	}
	answer := make(chan result, 1)
	go func() {
		// Never unlocked: the thread has left the host's network and ends with this goroutine.
		runtime.LockOSThread()
		if err := joinNetwork(pid); err != nil {
			answer <- result{err: err}
			return
		}
		conn, err := net.DialTimeout("tcp", target, 10*time.Second)
		answer <- result{conn, err}
	}()
	r := <-answer
	return r.conn, r.err
}
