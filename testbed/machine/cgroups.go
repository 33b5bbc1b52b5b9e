package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const cgroupRoot = "/sys/fs/cgroup"

// hierarchy is one mounted tree of cgroups (v1) with its controllers.
type hierarchy struct {
	folder      string
	controllers string
}

// hierarchies lists the v1 hierarchies that are mounted below /sys/fs/cgroup.
func hierarchies() ([]hierarchy, error) {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	var found []hierarchy
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 || parts[1] == "" {
			continue
		}
		folder := filepath.Join(cgroupRoot, strings.TrimPrefix(parts[1], "name="))
		if _, err := os.Stat(filepath.Join(folder, "cgroup.procs")); err == nil {
			found = append(found, hierarchy{folder, parts[1]})
		}
	}
	return found, nil
}

// joinCgroup makes a cgroup in each hierarchy and moves a process there.
func joinCgroup(name string, pid int) error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	for _, tree := range trees {
		folder := tree.folder
		for part := range strings.SplitSeq(name, "/") {
			folder = filepath.Join(folder, part)
			if err := os.Mkdir(folder, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("cannot make a cgroup: %w", err)
			}
			if err := inheritCpuset(folder); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(folder, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644); err != nil {
			return fmt.Errorf("cannot join a cgroup: %w", err)
		}
	}
	return nil
}

// inheritCpuset copies what a new cgroup of the cpuset hierarchy has not: without it no process may join.
func inheritCpuset(folder string) error {
	for _, name := range []string{"cpuset.cpus", "cpuset.mems"} {
		value, err := os.ReadFile(filepath.Join(filepath.Dir(folder), name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name), value, 0o644); err != nil {
			return fmt.Errorf("cannot fill a new cgroup: %w", err)
		}
	}
	return nil
}

// removeCgroup removes a cgroup and all below it, in each hierarchy. Processes that were killed a moment ago may still
// be leaving it.
func removeCgroup(name string) error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	deadline := time.Now().Add(10 * time.Second)
	for _, tree := range trees {
		folder := filepath.Join(tree.folder, name)
		for {
			err := removeFolders(folder)
			if err == nil {
				break
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("cannot remove a cgroup: %w", err)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	return nil
}

// removeFolders removes a tree of folders from its leaves up; the kernel's files in it go with them.
func removeFolders(root string) error {
	var folders []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			folders = append(folders, path)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, folder := range slices.Backward(folders) {
		if err := os.Remove(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// runSweep removes cgroups by their names: what a machine leaves whose keeper was killed with it.
func runSweep(args []string) error {
	for _, name := range args {
		if err := removeCgroup(name); err != nil {
			return err
		}
	}
	return nil
}

// removeEmptyCgroup removes a cgroup in which no other one lies.
func removeEmptyCgroup(name string) {
	trees, err := hierarchies()
	if err != nil {
		return
	}
	for _, tree := range trees {
		_ = os.Remove(filepath.Join(tree.folder, name))
	}
}
