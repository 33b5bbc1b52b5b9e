package main

import (
	"io"
	"os"
)

// parentGone closes when standard input does. Whoever started this process holds the other end of that pipe and never
// writes, so the kernel closes it however the starter ends, kill -9 included.
func parentGone() <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(gone)
	}()
	return gone
}
