package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// runAddons is what a cluster has beside Kubernetes' own processes: names, and addresses of load balancers.
func runAddons() int {
	kubeconfig := flag.String("kubeconfig", "", "the cluster")
	dns := flag.String("dns", "", "address and port to serve names on")
	pool := flag.String("load-balancers", "", "range of addresses for Services of type LoadBalancer")
	flag.Parse()
	if err := serveAddons(context.Background(), *kubeconfig, *dns, *pool); err != nil {
		fmt.Fprintln(os.Stderr, "addons:", err)
		return 1
	}
	return 0
}

func serveAddons(ctx context.Context, kubeconfig, dns, pool string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	records := records{
		services: factory.Core().V1().Services().Lister(),
		slices:   factory.Discovery().V1().EndpointSlices().Lister(),
	}
	if err := startBalancer(ctx, client, factory, pool); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return serveDNS(dns, records)
}
