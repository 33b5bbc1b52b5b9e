package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const bridgeName = "fabric"

// fabricConfig is the argument of `fabric`: the address of the control plane, with its prefix length, routes, and the
// ranges that it refuses to pass on to, whoever sends.
type fabricConfig struct {
	Address string   `json:"address"`
	Routes  []route  `json:"routes"`
	Refused []string `json:"refused"`
}

// runFabric holds a network namespace with a bridge that machines are joined to. No link leads from it to the host, so
// nothing in it can reach anything outside.
func runFabric(args []string) error {
	if len(args) == 1 {
		return enterNewNetwork(args[0])
	}
	var config fabricConfig
	if len(args) != 2 || json.Unmarshal([]byte(args[1]), &config) != nil {
		return fmt.Errorf("wants its configuration as JSON")
	}
	gone := parentGone()
	if err := buildFabric(config); err != nil {
		return err
	}
	fmt.Println("ready")
	<-gone
	return nil
}

// enterNewNetwork starts this program again, with every thread in the new namespace.
func enterNewNetwork(config string) error {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("cannot make a network namespace: %w", err)
	}
	return unix.Exec("/proc/self/exe", []string{os.Args[0], "fabric", "inside", config}, os.Environ())
}

func buildFabric(config fabricConfig) error {
	bridge := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: bridgeName}}
	if err := netlink.LinkAdd(bridge); err != nil {
		return fmt.Errorf("cannot make a bridge: %w", err)
	}
	if err := raise("lo", ""); err != nil {
		return err
	}
	if err := raise(bridgeName, config.Address); err != nil {
		return err
	}
	for path, value := range map[string]string{
		"net/ipv4/ip_forward":                  "1",
		"net/ipv4/conf/all/send_redirects":     "0",
		"net/ipv4/conf/fabric/send_redirects":  "0",
		"net/ipv4/conf/default/send_redirects": "0",
	} {
		if err := setSysctl(path, value); err != nil {
			return err
		}
	}
	if err := addRoutes(config.Routes); err != nil {
		return err
	}
	if err := refuseToPassOn(config.Refused); err != nil {
		return err
	}
	return refuseTheRest()
}

// runEnter becomes another program inside the network of a process: enter PID COMMAND [ARGUMENTS].
func runEnter(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("wants a process id and a command")
	}
	if err := joinNetwork(args[0]); err != nil {
		return err
	}
	path, err := exec.LookPath(args[1])
	if err != nil {
		return err
	}
	return unix.Exec(path, args[1:], os.Environ())
}

// joinNetwork moves this thread to the network namespace of a process.
func joinNetwork(pid string) error {
	file, err := os.Open("/proc/" + pid + "/ns/net")
	if err != nil {
		return fmt.Errorf("cannot open the network of process %s: %w", pid, err)
	}
	defer file.Close()
	if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("cannot join the network of process %s: %w", pid, err)
	}
	return nil
}
