package main

import (
	"bufio"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// runInit is the first process of a machine. It starts twice: the cgroup namespace can only be made once the process
// is in its cgroup, and all its threads must be in that namespace.
func runInit(args []string) error {
	if len(args) == 1 {
		if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
			return fmt.Errorf("the machine was given up: %w", err)
		}
		if err := unix.Unshare(unix.CLONE_NEWCGROUP); err != nil {
			return fmt.Errorf("cannot make a cgroup namespace: %w", err)
		}
		return unix.Exec("/proc/self/exe", []string{os.Args[0], "init", "inside", args[0]}, os.Environ())
	}
	config, err := readConfig(args[1])
	if err != nil {
		return err
	}
	if err := unix.Sethostname([]byte(config.Name)); err != nil {
		return err
	}
	if err := arrangeMounts(config); err != nil {
		return err
	}
	if err := raise("lo", ""); err != nil {
		return err
	}
	if config.Network != nil {
		if err := connect(*config.Network); err != nil {
			return err
		}
	}
	return superviseProcesses(config)
}

func connect(network networkConfig) error {
	if err := raise("eth0", network.Address); err != nil {
		return err
	}
	if err := addRoutes(network.Routes); err != nil {
		return err
	}
	if err := refuseTheRest(); err != nil {
		return err
	}
	for path, value := range map[string]string{
		"net/ipv4/ip_forward": "1",
		// A Service's answer from a pod of the same bridge must pass the rules that know of the Service.
		"net/bridge/bridge-nf-call-iptables": "1",
	} {
		if err := setSysctl(path, value); err != nil {
			return err
		}
	}
	return nil
}
