package main

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// runReading is what one process took: milliseconds and bytes.
type runReading struct {
	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"`
	Peak int64   `json:"peak"`
}

// run starts a command, whose output is dropped, and waits for its end.
func run(args []string) (*runReading, error) {
	if len(args) == 0 {
		return nil, errors.New("usage: meter run COMMAND ...")
	}
	command := exec.Command(args[0], args[1:]...)
	command.Stderr = os.Stderr
	began := time.Now()
	if err := command.Run(); err != nil {
		return nil, err
	}
	wall := time.Since(began)
	used := command.ProcessState
	peak := used.SysUsage().(*syscall.Rusage).Maxrss
	// Linux counts in KiB, others in bytes.
	if runtime.GOOS == "linux" {
		peak *= 1024
	}
	return &runReading{Wall: milliseconds(wall), CPU: milliseconds(used.UserTime() + used.SystemTime()), Peak: peak}, nil
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}
