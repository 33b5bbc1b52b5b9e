package main

import (
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
)

const (
	serviceZone = "svc.cluster.local."
	ttl         = 5
)

// records answers questions from what the cluster has now.
type records struct {
	services corelisters.ServiceLister
	slices   discoverylisters.EndpointSliceLister
}

// answer finds the records for a question. A name that exists without a record of the wanted type (IPv6, say) is
// answered with success and nothing.
func (r records) answer(question dnsmessage.Question) ([]dnsmessage.Resource, dnsmessage.RCode) {
	name := strings.ToLower(question.Name.String())
	rest, isService := strings.CutSuffix(name, "."+serviceZone)
	parts := strings.Split(rest, ".")
	if !isService || len(parts) < 2 {
		return nil, dnsmessage.RCodeNameError
	}
	namespace, serviceName, prefix := parts[len(parts)-1], parts[len(parts)-2], parts[:len(parts)-2]
	service, err := r.services.Services(namespace).Get(serviceName)
	if err != nil {
		return nil, dnsmessage.RCodeNameError
	}
	switch {
	case service.Spec.Type == corev1.ServiceTypeExternalName:
		return aliasOf(question, service.Spec.ExternalName)
	case len(prefix) == 2 && strings.HasPrefix(prefix[0], "_"):
		return portOf(question, service, prefix)
	case len(prefix) > 1:
		return nil, dnsmessage.RCodeNameError
	}
	return addressesOf(question, r.addresses(service, prefix))
}

// addresses of a Service: its own, or those of its endpoints where it is headless, all or the one of a host name.
func (r records) addresses(service *corev1.Service, prefix []string) []string {
	headless := service.Spec.ClusterIP == corev1.ClusterIPNone
	if !headless && len(prefix) == 0 {
		return service.Spec.ClusterIPs
	}
	selector := labels.SelectorFromSet(labels.Set{discoveryv1.LabelServiceName: service.Name})
	slices, err := r.slices.EndpointSlices(service.Namespace).List(selector)
	if err != nil {
		return nil
	}
	var found []string
	for _, slice := range slices {
		for _, endpoint := range slice.Endpoints {
			if isServed(endpoint, service) && isNamed(endpoint, prefix) {
				found = append(found, endpoint.Addresses...)
			}
		}
	}
	return found
}

func isServed(endpoint discoveryv1.Endpoint, service *corev1.Service) bool {
	ready := endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready
	return ready || service.Spec.PublishNotReadyAddresses
}

func isNamed(endpoint discoveryv1.Endpoint, prefix []string) bool {
	return len(prefix) == 0 || (endpoint.Hostname != nil && *endpoint.Hostname == prefix[0])
}

func addressesOf(question dnsmessage.Question, addresses []string) ([]dnsmessage.Resource, dnsmessage.RCode) {
	if len(addresses) == 0 {
		return nil, dnsmessage.RCodeNameError
	}
	var found []dnsmessage.Resource
	for _, text := range addresses {
		address, err := netip.ParseAddr(text)
		if err == nil && address.Is4() && question.Type == dnsmessage.TypeA {
			found = append(found, resource(question, dnsmessage.TypeA, &dnsmessage.AResource{A: address.As4()}))
		}
	}
	return found, dnsmessage.RCodeSuccess
}

func aliasOf(question dnsmessage.Question, target string) ([]dnsmessage.Resource, dnsmessage.RCode) {
	name, err := dnsmessage.NewName(strings.TrimSuffix(target, ".") + ".")
	if err != nil {
		return nil, dnsmessage.RCodeServerFailure
	}
	alias := resource(question, dnsmessage.TypeCNAME, &dnsmessage.CNAMEResource{CNAME: name})
	return []dnsmessage.Resource{alias}, dnsmessage.RCodeSuccess
}

// portOf answers _port._protocol.service.namespace.
func portOf(
	question dnsmessage.Question, service *corev1.Service, prefix []string,
) ([]dnsmessage.Resource, dnsmessage.RCode) {
	target, err := dnsmessage.NewName(service.Name + "." + service.Namespace + "." + serviceZone)
	if err != nil {
		return nil, dnsmessage.RCodeServerFailure
	}
	for _, port := range service.Spec.Ports {
		if "_"+port.Name != prefix[0] || "_"+strings.ToLower(string(port.Protocol)) != prefix[1] {
			continue
		}
		if question.Type != dnsmessage.TypeSRV {
			return nil, dnsmessage.RCodeSuccess
		}
		srv := resource(question, dnsmessage.TypeSRV, &dnsmessage.SRVResource{
			Weight: 100, Port: uint16(port.Port), Target: target,
		})
		return []dnsmessage.Resource{srv}, dnsmessage.RCodeSuccess
	}
	return nil, dnsmessage.RCodeNameError
}

func resource(
	question dnsmessage.Question, kind dnsmessage.Type, body dnsmessage.ResourceBody,
) dnsmessage.Resource {
	return dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: question.Name, Type: kind, Class: dnsmessage.ClassINET, TTL: ttl},
		Body:   body,
	}
}
