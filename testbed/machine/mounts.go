package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// wholeMachineSettings are kernel settings that the kubelet writes and that no namespace keeps apart: the machine
// sees files of its own in their place.
var wholeMachineSettings = []string{
	"vm/overcommit_memory",
	"kernel/panic",
	"kernel/panic_on_oops",
	"kernel/keys/root_maxkeys",
	"kernel/keys/root_maxbytes",
}

// arrangeMounts gives the machine its own view of the file system. Everything is put together below the data folder
// first: what comes to lie on /run or /var/lib may hide the folders that are still to be mounted.
func arrangeMounts(config machineConfig) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("cannot cut the mounts off from the host's: %w", err)
	}
	at := func(name string) string { return filepath.Join(config.Data, name) }
	for _, name := range []string{"run", "lib", "opt", "etc/upper", "etc/work", "etc/merged", "settings"} {
		if err := os.MkdirAll(at(name), 0o755); err != nil {
			return err
		}
	}
	overlay := fmt.Sprintf("lowerdir=/etc,upperdir=%s,workdir=%s", at("etc/upper"), at("etc/work"))
	err := firstError(
		func() error { return mount("tmpfs", at("run"), "tmpfs", "mode=755") },
		func() error { return bindFolders(config.Folders, at("run/testbed")) },
		func() error { return mount("overlay", at("etc/merged"), "overlay", overlay) },
		mountKernel,
		func() error { return shadowSettings(at("settings")) },
	)
	if err != nil {
		return err
	}
	for _, pair := range [][2]string{
		{config.Logs, "/var/log"}, {at("opt"), "/opt"}, {at("etc/merged"), "/etc"}, {at("run"), "/run"}, {at("lib"), "/var/lib"},
	} {
		if err := bind(pair[0], pair[1], unix.MS_REC); err != nil {
			return err
		}
	}
	// Pods may pass mounts on to the machine and from there to each other.
	return unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, "")
}

// mountKernel mounts /proc and /sys as the new namespaces show them, and each hierarchy of cgroups with the machine's
// own cgroup as its root.
func mountKernel() error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	err = firstError(
		func() error { return mount("proc", "/proc", "proc", "") },
		func() error { return mount("sysfs", "/sys", "sysfs", "") },
		func() error { return mount("tmpfs", cgroupRoot, "tmpfs", "mode=755") },
	)
	if err != nil {
		return err
	}
	for _, tree := range trees {
		if err := os.Mkdir(tree.folder, 0o755); err != nil {
			return err
		}
		options := tree.controllers
		if strings.HasPrefix(options, "name=") {
			options = "none," + options
		}
		if err := mount("cgroup", tree.folder, "cgroup", options); err != nil {
			return err
		}
	}
	return nil
}

func shadowSettings(folder string) error {
	for _, name := range wholeMachineSettings {
		original := filepath.Join("/proc/sys", name)
		value, err := os.ReadFile(original)
		if err != nil {
			continue // this kernel has no such setting, so nobody writes it
		}
		file := filepath.Join(folder, strings.ReplaceAll(name, "/", "."))
		if err := os.WriteFile(file, value, 0o644); err != nil {
			return err
		}
		if err := bind(file, original, 0); err != nil {
			return err
		}
	}
	return nil
}

func bindFolders(folders map[string]string, below string) error {
	for name, source := range folders {
		target := filepath.Join(below, name)
		if err := os.MkdirAll(target, 0o755); err != nil {
			return err
		}
		if err := bind(source, target, 0); err != nil {
			return err
		}
		if err := unix.Mount("", target, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, ""); err != nil {
			return fmt.Errorf("cannot make %s read-only: %w", target, err)
		}
	}
	return nil
}

func bind(source, target string, flags uintptr) error {
	if err := unix.Mount(source, target, "", unix.MS_BIND|flags, ""); err != nil {
		return fmt.Errorf("cannot bind %s to %s: %w", source, target, err)
	}
	return nil
}

func mount(source, target, kind, options string) error {
	if err := unix.Mount(source, target, kind, 0, options); err != nil {
		return fmt.Errorf("cannot mount %s on %s (%s): %w", kind, target, options, err)
	}
	return nil
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
