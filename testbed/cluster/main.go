// Command testbed-cluster holds every process of a small Kubernetes cluster in one binary; the first argument
// (or the name it is called by) chooses the one to be.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	"sailwright.dev/testbed/cluster/internal/parent"
)

// servers run until their parent lets go of their standard input; commands end by themselves.
var servers = map[string]func() int{
	"etcd":                    func() int { etcdmain.Main(os.Args); return 0 },
	"kube-apiserver":          func() int { return cli.Run(apiserver.NewAPIServerCommand()) },
	"kube-controller-manager": func() int { return cli.Run(controllermanager.NewControllerManagerCommand()) },
	"kube-scheduler":          func() int { return cli.Run(scheduler.NewSchedulerCommand()) },
	"kwok":                    runKwok,
}

var commands = map[string]func() int{
	"kubectl": func() int { return cli.Run(kubectl.NewDefaultKubectlCommand()) },
	"init":    runInit,
}

func main() {
	name := filepath.Base(os.Args[0])
	if commands[name] == nil && servers[name] == nil {
		if len(os.Args) < 2 {
			os.Exit(usage())
		}
		name = os.Args[1]
		os.Args = os.Args[1:]
	}
	if command := commands[name]; command != nil {
		os.Exit(command())
	}
	server := servers[name]
	if server == nil {
		os.Exit(usage())
	}
	parent.EndWith()
	os.Exit(server())
}

func usage() int {
	names := slices.Sorted(maps.Keys(servers))
	names = append(names, slices.Sorted(maps.Keys(commands))...)
	fmt.Fprintf(os.Stderr, "usage: testbed-cluster %s [flags]\n", strings.Join(names, "|"))
	return 2
}
