// Command testbed-machine makes machines out of namespaces: a fabric (a network with no way out), machines joined to
// it, each with processes of its own, and what reaches into them from the host. The first argument, or the name it is
// called by, chooses what to be. Whatever runs on ends when its standard input closes.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

var subcommands = map[string]func(args []string) error{
	"fabric":  runFabric,
	"forward": runForward,
	"enter":   runEnter,
	"machine": runMachine,
	"init":    runInit,
	"sweep":   runSweep,
}

// The main goroutine keeps the main thread: namespaces belong to threads, and a child dies with the thread that made it.
func init() { runtime.LockOSThread() }

func main() {
	if filepath.Base(os.Args[0]) == "runc" {
		exit("runc", runRunc(os.Args[1:]))
	}
	if len(os.Args) < 2 || subcommands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: testbed-machine fabric|forward|enter|machine|sweep [arguments]")
		os.Exit(2)
	}
	exit(os.Args[1], subcommands[os.Args[1]](os.Args[2:]))
}

func exit(name string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
	os.Exit(0)
}
