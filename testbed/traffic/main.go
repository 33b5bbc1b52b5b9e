// Command testbed-traffic is what runs in the pods of tests: a service that tells what reached it, a client that counts
// what came back, a look at a server's certificate, and a process that only waits. It needs nothing of a system.
package main

import (
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

var commands = map[string]func(arguments []string) error{
	"serve": serve,
	"get":   get,
	"load":  load,
	"look":  look,
	"pause": func([]string) error { waitForEnd(); return nil },
}

func main() {
	// By its name, so that an image may link to it and take arguments of another program.
	name, arguments := filepath.Base(os.Args[0]), os.Args[1:]
	if commands[name] == nil && len(arguments) > 0 {
		name, arguments = arguments[0], arguments[1:]
	}
	command := commands[name]
	if command == nil {
		fmt.Fprintf(os.Stderr, "usage: testbed-traffic %s [flags]\n", strings.Join(slices.Sorted(maps.Keys(commands)), "|"))
		os.Exit(2)
	}
	if err := command(arguments); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// waitForEnd returns when the process is told to end.
func waitForEnd() {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT)
	<-told
}
