package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// machineConfig is what one machine is made of.
type machineConfig struct {
	Name string `json:"name"`
	// Cgroup is its folder below the root of each hierarchy.
	Cgroup string `json:"cgroup"`
	// Data holds what is its own of /etc, /opt, /run and /var/lib; it goes with the cluster.
	Data string `json:"data"`
	// Logs becomes /var/log.
	Logs string `json:"logs"`
	// Folders of the host appear, read-only, as /run/testbed/NAME.
	Folders map[string]string `json:"folders"`
	Network *networkConfig    `json:"network"`
	// Processes run as long as the machine does: when one ends, so does the machine.
	Processes []process `json:"processes"`
	// Jobs run one after the other beside them; after the last the machine ends.
	Jobs []process `json:"jobs"`
}

type networkConfig struct {
	FabricPid int     `json:"fabricPid"`
	Address   string  `json:"address"`
	Routes    []route `json:"routes"`
}

type process struct {
	Name string   `json:"name"`
	Argv []string `json:"argv"`
	// Socket is waited for before the next process starts.
	Socket string `json:"socket"`
}

func readConfig(path string) (machineConfig, error) {
	var config machineConfig
	text, err := os.ReadFile(path)
	if err != nil {
		return config, err
	}
	if err := json.Unmarshal(text, &config); err != nil {
		return config, fmt.Errorf("%s: %w", path, err)
	}
	return config, nil
}
