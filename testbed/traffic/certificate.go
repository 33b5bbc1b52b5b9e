package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"time"
)

// makeCertificate makes a certificate that signs itself.
func makeCertificate(names []string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: names[0]},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		DNSNames:     names,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}, err
}

// presented is a certificate that a server showed.
type presented struct {
	Names      []string `json:"names"`
	Identities []string `json:"identities"`
	Issuer     string   `json:"issuer"`
}

// look prints the certificate that a server shows to a client without one. The server may end the connection for
// that; its certificate has come by then.
func look(arguments []string) error {
	flags := flag.NewFlagSet("look", flag.ExitOnError)
	address := flags.String("address", "", "host and port")
	serverName := flags.String("server-name", "", "SNI")
	protocol := flags.String("protocol", "istio", "ALPN")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	var seen presented
	config := &tls.Config{
		ServerName: *serverName,
		NextProtos: []string{*protocol},
		// Whoever it is, it is only looked at.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			certificate := state.PeerCertificates[0]
			seen = presented{Names: certificate.DNSNames, Issuer: certificate.Issuer.String()}
			for _, identity := range certificate.URIs {
				seen.Identities = append(seen.Identities, identity.String())
			}
			return nil
		},
	}
	connection, err := tls.Dial("tcp", *address, config)
	if err == nil {
		_ = connection.Close()
	} else if seen.Issuer == "" && seen.Identities == nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(seen)
}
