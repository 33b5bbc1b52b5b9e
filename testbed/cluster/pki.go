package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A test cluster lives for hours; a year covers the one that somebody forgets.
const validity = 365 * 24 * time.Hour

// controlPlane is where real nodes reach the control plane; service is the API server's own Service.
var (
	controlPlane = net.IPv4(10, 10, 0, 1)
	service      = net.IPv4(10, 96, 0, 1)
)

// client is a user that holds a certificate.
type client struct {
	file, user string
	groups     []string
}

var clients = []client{
	{"admin", "testbed-admin", []string{"system:masters"}},
	{"kwok", "testbed-kwok", []string{"system:masters"}},
	{"kube-controller-manager", "system:kube-controller-manager", nil},
	{"kube-scheduler", "system:kube-scheduler", nil},
	{"kube-proxy", "system:kube-proxy", nil},
	{"kubelet-client", "testbed-apiserver", []string{"system:masters"}},
	{"addons", "testbed-addons", []string{"system:masters"}},
}

type authority struct {
	dir  string
	cert *x509.Certificate
	key  crypto.Signer
}

// writePKI writes the CA, the API server's certificate, one client certificate per user and node, and the key pair that
// ServiceAccount tokens are signed with.
func writePKI(dir string, nodes []string) error {
	ca, err := newAuthority(dir)
	if err != nil {
		return err
	}
	server := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback, service, controlPlane},
		DNSNames: []string{
			"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
		},
	}
	if err := ca.issue("apiserver", server); err != nil {
		return err
	}
	all := slices.Clone(clients)
	for _, node := range nodes {
		all = append(all, client{node, "system:node:" + node, []string{"system:nodes"}})
	}
	for _, c := range all {
		certificate := &x509.Certificate{
			Subject:     pkix.Name{CommonName: c.user, Organization: c.groups},
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		}
		if err := ca.issue(c.file, certificate); err != nil {
			return err
		}
	}
	return writeTokenKeys(dir)
}

func newAuthority(dir string) (*authority, error) {
	key, err := newKey(dir, "ca")
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "sailwright-testbed"},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	if err := date(template); err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &authority{dir: dir, cert: cert, key: key}, writePEM(dir, "ca.crt", "CERTIFICATE", der)
}

func (ca *authority) issue(name string, template *x509.Certificate) error {
	key, err := newKey(ca.dir, name)
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	if err := date(template); err != nil {
		return err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, key.Public(), ca.key)
	if err != nil {
		return err
	}
	return writePEM(ca.dir, name+".crt", "CERTIFICATE", der)
}

// date sets the serial number and the dates; the start lies back a little for clocks that differ.
func date(template *x509.Certificate) error {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-5 * time.Minute)
	template.NotAfter = time.Now().Add(validity)
	return nil
}

func newKey(dir, name string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePEM(dir, name+".key", "EC PRIVATE KEY", der)
}

func writeTokenKeys(dir string) error {
	key, err := newKey(dir, "service-account")
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return writePEM(dir, "service-account.pub", "PUBLIC KEY", der)
}

func writePEM(dir, file, kind string, der []byte) error {
	return os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
