// Command meter measures from outside: a webhook under load, or a process from its start to its end.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if err := measure(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
		os.Exit(1)
	}
}

func measure(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("usage: meter load|run ...")
	}
	var reading any
	var err error
	switch args[0] {
	case "load":
		reading, err = load(args[1:])
	case "run":
		reading, err = run(args[1:])
	default:
		err = fmt.Errorf("unknown command %q: load or run", args[0])
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(reading)
}
