package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// runMachine starts a machine and keeps it: machine CONFIG. When standard input closes, the machine ends at once and
// its data goes; on SIGTERM it ends as if its power was cut, and its data stays for the next start. Either way all its
// processes, mounts, links and cgroups are gone when this process ends.
func runMachine(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("wants the path of its configuration")
	}
	config, err := readConfig(args[0])
	if err != nil {
		return err
	}
	gone := parentGone()
	cut := make(chan os.Signal, 1)
	signal.Notify(cut, unix.SIGTERM, unix.SIGINT)
	// Cgroups of a crashed predecessor cost the kubelet seconds each.
	if err := removeCgroup(config.Cgroup); err != nil {
		return err
	}
	var dataGoes atomic.Bool
	err = keepMachine(config, args[0], func(machine *os.Process) {
		select {
		case <-gone:
			dataGoes.Store(true)
		case <-cut:
		}
		_ = machine.Kill()
	})
	if cgroupError := removeCgroup(config.Cgroup); err == nil {
		err = cgroupError
	}
	// The folder of the cluster's machines goes with the last of them.
	removeEmptyCgroup(filepath.Dir(config.Cgroup))
	if dataGoes.Load() {
		_ = os.RemoveAll(config.Data)
	}
	return err
}

// keepMachine returns when the machine's first process, and with it every other one, has ended.
func keepMachine(config machineConfig, path string, end func(*os.Process)) error {
	machine, start, err := startInit(path)
	if err != nil {
		return err
	}
	go end(machine.Process)
	if err := equip(config, machine.Process.Pid); err != nil {
		_ = machine.Process.Kill()
		_ = machine.Wait()
		return err
	}
	_, _ = start.Write([]byte("\n"))
	_ = start.Close()
	err = machine.Wait()
	if status, ok := machine.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return nil
	}
	return err
}

// startInit starts the machine's first process in new namespaces. It waits for a line on its standard input before it
// goes on, and is killed by the kernel should this process end.
func startInit(path string) (*exec.Cmd, *os.File, error) {
	wait, start, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer wait.Close()
	command := exec.Command("/proc/self/exe", "init", path)
	command.Stdin, command.Stdout, command.Stderr = wait, os.Stdout, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWNET,
		Pdeathsig:  unix.SIGKILL,
	}
	if err := command.Start(); err != nil {
		return nil, nil, fmt.Errorf("cannot make namespaces: %w", err)
	}
	return command, start, nil
}

// equip gives the waiting machine its cgroups and its link.
func equip(config machineConfig, pid int) error {
	if err := joinCgroup(config.Cgroup, pid); err != nil {
		return err
	}
	if config.Network == nil {
		return nil
	}
	return joinFabric(config.Network.FabricPid, pid, config.Name)
}
