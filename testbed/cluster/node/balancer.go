package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
)

// balancer gives Services of type LoadBalancer addresses of a range, as a cloud would. Nothing balances: kube-proxy
// takes the addresses for what they are on every node, and the network routes the range to one of them.
type balancer struct {
	client   kubernetes.Interface
	services corelisters.ServiceLister
	pool     netip.Prefix
}

// startBalancer looks at all Services again after each change of one. It must be called before the informers start.
func startBalancer(ctx context.Context, client kubernetes.Interface, factory informers.SharedInformerFactory, pool string) error {
	prefix, err := netip.ParsePrefix(pool)
	if err != nil {
		return err
	}
	services := factory.Core().V1().Services()
	b := balancer{client: client, services: services.Lister(), pool: prefix}
	changed := make(chan struct{}, 1)
	note := func() {
		select {
		case changed <- struct{}{}:
		default: // one look is due already
		}
	}
	_, err = services.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { note() },
		UpdateFunc: func(any, any) { note() },
		DeleteFunc: func(any) { note() },
	})
	go func() {
		for range changed {
			b.assignAll(ctx)
		}
	}()
	return err
}

func (b balancer) assignAll(ctx context.Context) {
	services, err := b.services.List(labels.Everything())
	if err != nil {
		return
	}
	taken := map[string]bool{}
	for _, service := range services {
		for _, ingress := range service.Status.LoadBalancer.Ingress {
			taken[ingress.IP] = true
		}
	}
	for _, service := range services {
		wants := service.Spec.Type == corev1.ServiceTypeLoadBalancer
		has := len(service.Status.LoadBalancer.Ingress) > 0
		if wants == has {
			continue
		}
		copied := service.DeepCopy()
		copied.Status.LoadBalancer.Ingress = nil
		if wants {
			address := b.free(taken)
			taken[address] = true
			copied.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: address}}
		}
		// Somebody else's change comes with an event of its own, after which this is tried again.
		_, err := b.client.CoreV1().Services(copied.Namespace).UpdateStatus(ctx, copied, metav1.UpdateOptions{})
		if err != nil {
			fmt.Fprintln(os.Stderr, "load balancer:", err)
		}
	}
}

// free is the lowest address of the range that nobody has, without the network's own.
func (b balancer) free(taken map[string]bool) string {
	address := b.pool.Addr().Next()
	for taken[address.String()] {
		address = address.Next()
	}
	return address.String()
}
