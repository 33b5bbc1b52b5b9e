// Command envoy-types prints what Envoy's messages hold, for src/core/validate/envoy-filter: one line a message or enum,
// sorted. Run by tools/envoy-types/generate.sh.
//
//	M <name>|<field>;<field>...   a message; a field is <name>=<kind>[*][/<oneof>][:<type>][,<json name>]
//	E <name>|<value>=<number>...  an enum
//
// <type> is the line of the message or enum, from 0. A map's kind is m<key kind><value kind>.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

var kinds = map[protoreflect.Kind]string{
	protoreflect.BoolKind: "b", protoreflect.EnumKind: "e", protoreflect.MessageKind: "m", protoreflect.GroupKind: "m",
	protoreflect.StringKind: "s", protoreflect.BytesKind: "y", protoreflect.FloatKind: "f", protoreflect.DoubleKind: "d",
	protoreflect.Int32Kind: "i", protoreflect.Sint32Kind: "i", protoreflect.Sfixed32Kind: "i",
	protoreflect.Uint32Kind: "u", protoreflect.Fixed32Kind: "u",
	protoreflect.Int64Kind: "I", protoreflect.Sint64Kind: "I", protoreflect.Sfixed64Kind: "I",
	protoreflect.Uint64Kind: "U", protoreflect.Fixed64Kind: "U",
}

func main() {
	messages := map[string]protoreflect.MessageDescriptor{}
	enums := map[string]protoreflect.EnumDescriptor{}
	protoregistry.GlobalTypes.RangeMessages(func(t protoreflect.MessageType) bool {
		if !t.Descriptor().IsMapEntry() {
			messages[string(t.Descriptor().FullName())] = t.Descriptor()
		}
		return true
	})
	protoregistry.GlobalTypes.RangeEnums(func(t protoreflect.EnumType) bool {
		enums[string(t.Descriptor().FullName())] = t.Descriptor()
		return true
	})
	names := make([]string, 0, len(messages)+len(enums))
	for name := range messages {
		names = append(names, name)
	}
	for name := range enums {
		names = append(names, name)
	}
	sort.Strings(names)
	lines := map[string]int{}
	for i, name := range names {
		lines[name] = i
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, name := range names {
		if enum, ok := enums[name]; ok {
			fmt.Fprintf(out, "E %s|%s\n", name, strings.Join(values(enum), ";"))
		} else {
			fmt.Fprintf(out, "M %s|%s\n", name, strings.Join(fields(messages[name], lines), ";"))
		}
	}
}

func values(enum protoreflect.EnumDescriptor) []string {
	var all []string
	for i := 0; i < enum.Values().Len(); i++ {
		value := enum.Values().Get(i)
		all = append(all, fmt.Sprintf("%s=%d", value.Name(), value.Number()))
	}
	return all
}

func fields(message protoreflect.MessageDescriptor, lines map[string]int) []string {
	var all []string
	for i := 0; i < message.Fields().Len(); i++ {
		all = append(all, describe(message.Fields().Get(i), lines))
	}
	return all
}

func describe(field protoreflect.FieldDescriptor, lines map[string]int) string {
	text := string(field.Name()) + "="
	target := field
	if field.IsMap() {
		target = field.MapValue()
		text += "m" + kinds[field.MapKey().Kind()] + kinds[target.Kind()]
	} else {
		text += kinds[field.Kind()]
		if field.IsList() {
			text += "*"
		}
	}
	if oneof := field.ContainingOneof(); oneof != nil && !oneof.IsSynthetic() {
		text += fmt.Sprintf("/%d", oneof.Index())
	}
	if target.Message() != nil {
		text += fmt.Sprintf(":%d", lines[string(target.Message().FullName())])
	} else if target.Enum() != nil {
		text += fmt.Sprintf(":%d", lines[string(target.Enum().FullName())])
	}
	if field.JSONName() != lowerCamel(string(field.Name())) {
		text += "," + field.JSONName()
	}
	return text
}

// lowerCamel is how protoc makes a JSON name of a field's.
func lowerCamel(name string) string {
	var text strings.Builder
	upper := false
	for _, char := range name {
		if char == '_' {
			upper = true
			continue
		}
		if upper && char >= 'a' && char <= 'z' {
			char -= 'a' - 'A'
		}
		upper = false
		text.WriteRune(char)
	}
	return text.String()
}
