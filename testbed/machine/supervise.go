package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// children knows which of the machine's processes has which id; only the main goroutine touches it.
type children map[int]string

// superviseProcesses starts the machine's processes in order and runs its jobs, and reaps every orphan of the machine.
// It returns when the last job is done or something failed; the kernel then ends all that is left.
func superviseProcesses(config machineConfig) error {
	running := children{}
	for _, p := range config.Processes {
		if _, err := running.start(p, config); err != nil {
			return err
		}
		if err := running.awaitSocket(p); err != nil {
			return err
		}
	}
	for _, job := range config.Jobs {
		pid, err := running.start(job, config)
		if err != nil {
			return err
		}
		delete(running, pid)
		if err := running.reapUntil(pid, job.Name); err != nil {
			return err
		}
	}
	if len(config.Jobs) > 0 {
		return nil
	}
	return running.reapUntil(-1, "")
}

func (c children) start(p process, config machineConfig) (int, error) {
	log, err := os.OpenFile(logFile(p.Name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	defer log.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	started, err := os.StartProcess(p.Argv[0], p.Argv, &os.ProcAttr{
		Dir:   "/",
		Env:   environment(config),
		Files: []*os.File{null, log, log},
	})
	if err != nil {
		return 0, fmt.Errorf("cannot start %s: %w", p.Name, err)
	}
	c[started.Pid] = p.Name
	return started.Pid, nil
}

func logFile(name string) string { return filepath.Join("/var/log", name+".log") }

// lastWords are the last lines that a process logged.
func lastWords(name string) string {
	text, err := os.ReadFile(logFile(name))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

func environment(config machineConfig) []string {
	var path []string
	for name := range config.Folders {
		path = append(path, "/run/testbed/"+name)
	}
	path = append(path, "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
	return []string{"PATH=" + strings.Join(path, ":"), "HOME=/root"}
}

// reapUntil waits for ended processes, the orphans of containers among them, until `awaited` is one of them; it must
// have ended well. One of the machine's own processes that ends is an error.
func (c children) reapUntil(awaited int, name string) error {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, 0, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		if err := c.judge(pid, status); err != nil {
			return err
		}
		if pid == awaited && status.ExitStatus() != 0 {
			return fmt.Errorf("%s failed (%s):\n%s", name, describe(status), lastWords(name))
		}
		if pid == awaited {
			return nil
		}
	}
}

func (c children) judge(pid int, status unix.WaitStatus) error {
	if name, ok := c[pid]; ok {
		return fmt.Errorf("%s ended (%s):\n%s", name, describe(status), lastWords(name))
	}
	return nil
}

func describe(status unix.WaitStatus) string {
	if status.Signaled() {
		return status.Signal().String()
	}
	return fmt.Sprintf("exit code %d", status.ExitStatus())
}

// awaitSocket returns when the process answers on its socket.
func (c children) awaitSocket(p process) error {
	if p.Socket == "" {
		return nil
	}
	deadline := time.Now().Add(60 * time.Second)
	for {
		if conn, err := net.Dial("unix", p.Socket); err == nil {
			return conn.Close()
		}
		var status unix.WaitStatus
		if pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil); err == nil && pid > 0 {
			if err := c.judge(pid, status); err != nil {
				return err
			}
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s did not open %s in a minute:\n%s", p.Name, p.Socket, lastWords(p.Name))
		}
		time.Sleep(20 * time.Millisecond)
	}
}
