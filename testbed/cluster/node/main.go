// Command testbed-node holds the Kubernetes processes of a real node, and what its cluster has beside them; the first
// argument chooses the one to be. It is a program of its own so that clusters of simulated nodes need not build it.
package main

import (
	"context"
	"fmt"
	"os"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
	"sailwright.dev/testbed/cluster/internal/parent"
)

var processes = map[string]func() int{
	"kubelet":    func() int { return cli.Run(kubelet.NewKubeletCommand(context.Background())) },
	"kube-proxy": func() int { return cli.Run(proxy.NewProxyCommand()) },
	"addons":     runAddons,
}

func main() {
	if len(os.Args) < 2 || processes[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: testbed-node kubelet|kube-proxy|addons [flags]")
		os.Exit(2)
	}
	process := processes[os.Args[1]]
	os.Args = os.Args[1:]
	parent.EndWith()
	os.Exit(process())
}
