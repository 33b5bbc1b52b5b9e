package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// route says where packets to a range go.
type route struct {
	To  string `json:"to"`
	Via string `json:"via"`
}

// joinFabric makes the machine's link: one end at the fabric's bridge, one in the machine as eth0. Both are made
// where they belong, so that the host never has a link to either.
func joinFabric(fabricPid, machinePid int, name string) error {
	network, err := netns.GetFromPid(fabricPid)
	if err != nil {
		return fmt.Errorf("cannot open the network of the fabric (process %d): %w", fabricPid, err)
	}
	defer network.Close()
	handle, err := netlink.NewHandleAt(network)
	if err != nil {
		return err
	}
	defer handle.Close()
	bridge, err := handle.LinkByName(bridgeName)
	if err != nil {
		return fmt.Errorf("the fabric has no bridge: %w", err)
	}
	// The end of a machine that was killed goes a moment after it.
	if old, err := handle.LinkByName(name); err == nil {
		_ = handle.LinkDel(old)
	}
	link := &netlink.Veth{
		LinkAttrs:     netlink.LinkAttrs{Name: name, MasterIndex: bridge.Attrs().Index},
		PeerName:      "eth0",
		PeerNamespace: netlink.NsPid(machinePid),
	}
	if err := handle.LinkAdd(link); err != nil {
		return fmt.Errorf("cannot make the link of %s: %w", name, err)
	}
	end, err := handle.LinkByName(name)
	if err != nil {
		return err
	}
	return handle.LinkSetUp(end)
}

// raise gives a link its address and sets it up.
func raise(name, address string) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("there is no link %s: %w", name, err)
	}
	if address != "" {
		parsed, err := netlink.ParseAddr(address)
		if err != nil {
			return fmt.Errorf("address %q: %w", address, err)
		}
		if err := netlink.AddrAdd(link, parsed); err != nil {
			return fmt.Errorf("cannot give %s the address %s: %w", name, address, err)
		}
	}
	return netlink.LinkSetUp(link)
}

func addRoutes(routes []route) error {
	for _, r := range routes {
		_, destination, err := net.ParseCIDR(r.To)
		if err != nil {
			return fmt.Errorf("route to %q: %w", r.To, err)
		}
		if err := netlink.RouteAdd(&netlink.Route{Dst: destination, Gw: net.ParseIP(r.Via)}); err != nil {
			return fmt.Errorf("cannot add the route to %s via %s: %w", r.To, r.Via, err)
		}
	}
	return nil
}

// refuseToPassOn answers packets that machines send to a range through the fabric: they hear at once that it goes
// nowhere.
func refuseToPassOn(ranges []string) error {
	for _, text := range ranges {
		_, destination, err := net.ParseCIDR(text)
		if err != nil {
			return fmt.Errorf("refused range %q: %w", text, err)
		}
		rule := netlink.NewRule()
		rule.Family = netlink.FAMILY_V4
		rule.IifName, rule.Dst, rule.Type = bridgeName, destination, unix.FR_ACT_UNREACHABLE
		if err := netlink.RuleAdd(rule); err != nil {
			return fmt.Errorf("cannot refuse to pass packets on to %s: %w", text, err)
		}
	}
	return nil
}

// refuseTheRest answers every packet that no other route takes: callers hear at once that it goes nowhere.
func refuseTheRest() error {
	_, everything, _ := net.ParseCIDR("0.0.0.0/0")
	if err := netlink.RouteAdd(&netlink.Route{Dst: everything, Type: unix.RTN_UNREACHABLE}); err != nil {
		return fmt.Errorf("cannot add the unreachable default route: %w", err)
	}
	return nil
}

func setSysctl(path, value string) error {
	if err := os.WriteFile(filepath.Join("/proc/sys", path), []byte(value), 0o644); err != nil {
		return fmt.Errorf("cannot set a kernel setting: %w", err)
	}
	return nil
}
