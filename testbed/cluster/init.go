package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// runInit fills a folder with what a new cluster needs before its first process starts: its certificates and keys,
// those of its real nodes among them, and kwok's stages.
func runInit() int {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: testbed-cluster init FOLDER [NODE...]")
		return 2
	}
	dir := os.Args[1]
	if err := os.MkdirAll(dir, 0o700); err != nil {
		fmt.Fprintln(os.Stderr, "init:", err)
		return 1
	}
	if err := writePKI(dir, os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "init: cannot write the certificates:", err)
		return 1
	}
	if err := os.WriteFile(filepath.Join(dir, "stages.yaml"), []byte(stages()), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, "init:", err)
		return 1
	}
	return 0
}
