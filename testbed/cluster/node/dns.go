package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const maxDatagram = 1232

// serveDNS serves the cluster's names, over UDP and TCP. Names outside of the cluster do not exist here: there is no way
// to them either.
func serveDNS(listen string, records records) error {
	datagrams, err := net.ListenPacket("udp4", listen)
	if err != nil {
		return err
	}
	streams, err := net.Listen("tcp4", listen)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "serving names on", listen)
	go serveStreams(streams, records)
	return serveDatagrams(datagrams, records)
}

func serveDatagrams(listener net.PacketConn, records records) error {
	buffer := make([]byte, 4096)
	for {
		size, from, err := listener.ReadFrom(buffer)
		if err != nil {
			return err
		}
		if answer := reply(buffer[:size], records, maxDatagram); answer != nil {
			_, _ = listener.WriteTo(answer, from)
		}
	}
}

func serveStreams(listener net.Listener, records records) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			for serveOne(conn, records) == nil {
			}
		}()
	}
}

// serveOne answers one question of a stream; each message follows its length.
func serveOne(conn net.Conn, records records) error {
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return err
	}
	var size uint16
	if err := binary.Read(conn, binary.BigEndian, &size); err != nil {
		return err
	}
	query := make([]byte, size)
	if _, err := io.ReadFull(conn, query); err != nil {
		return err
	}
	answer := reply(query, records, 1<<16-1)
	if answer == nil {
		return io.ErrUnexpectedEOF
	}
	if err := binary.Write(conn, binary.BigEndian, uint16(len(answer))); err != nil {
		return err
	}
	_, err := conn.Write(answer)
	return err
}

// reply builds the answer to a query; nil for what is none. One that would be too long says so, and the client asks
// again over TCP.
func reply(query []byte, records records, limit int) []byte {
	var parser dnsmessage.Parser
	header, err := parser.Start(query)
	if err != nil || header.Response {
		return nil
	}
	question, err := parser.Question()
	if err != nil {
		return nil
	}
	found, code := records.answer(question)
	message := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID:                 header.ID,
			Response:           true,
			Authoritative:      true,
			RecursionDesired:   header.RecursionDesired,
			RecursionAvailable: true,
			RCode:              code,
		},
		Questions: []dnsmessage.Question{question},
		Answers:   found,
	}
	packed, err := message.Pack()
	if err == nil && len(packed) > limit {
		message.Truncated, message.Answers = true, nil
		packed, err = message.Pack()
	}
	if err != nil {
		return nil
	}
	return packed
}
