// Judges a bundle for the Operator Lifecycle Manager by the manager's own rules: those that `operator-sdk bundle validate`
// goes by, and what it calls good practices. Says what is wrong, one finding a line; exit code 1 when any is an error.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/operator-framework/api/pkg/encoding"
	"github.com/operator-framework/api/pkg/manifests"
	"github.com/operator-framework/api/pkg/operators/v1alpha1"
	"github.com/operator-framework/api/pkg/validation"
	validators "github.com/operator-framework/api/pkg/validation/interfaces"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func main() {
	bundle, err := readBundle(os.Args[1])
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	if hasErrors(bundle) {
		os.Exit(1)
	}
}

// The module's own reader does not read with this release of Kubernetes' libraries.
func readBundle(folder string) (*manifests.Bundle, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "manifests", "*.yaml"))
	if err != nil {
		return nil, err
	}
	bundle := &manifests.Bundle{}
	for _, path := range paths {
		if err := readObject(path, bundle); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	if bundle.CSV == nil {
		return nil, fmt.Errorf("%s: no ClusterServiceVersion", folder)
	}
	bundle.Name = bundle.CSV.GetName()
	return bundle, readAnnotations(filepath.Join(folder, "metadata", "annotations.yaml"), bundle)
}

func readObject(path string, bundle *manifests.Bundle) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(text, &object.Object); err != nil {
		return err
	}
	bundle.Objects = append(bundle.Objects, object)
	packed, err := encoding.GzipBase64Encode(text)
	if err != nil {
		return err
	}
	bundle.Size += int64(len(text))
	bundle.CompressedSize += int64(len(packed))
	switch object.GetKind() {
	case "ClusterServiceVersion":
		bundle.CSV = &v1alpha1.ClusterServiceVersion{}
		return yaml.UnmarshalStrict(text, bundle.CSV)
	case "CustomResourceDefinition":
		definition := &apiextensionsv1.CustomResourceDefinition{}
		bundle.V1CRDs = append(bundle.V1CRDs, definition)
		return yaml.UnmarshalStrict(text, definition)
	}
	return nil
}

func readAnnotations(path string, bundle *manifests.Bundle) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var file manifests.AnnotationsFile
	if err := yaml.Unmarshal(text, &file); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	bundle.Package = file.Annotations.PackageName
	bundle.Channels = []string{file.Annotations.Channels}
	bundle.DefaultChannel = file.Annotations.DefaultChannelName
	return nil
}

func hasErrors(bundle *manifests.Bundle) bool {
	rules := append(validators.Validators{validation.GoodPracticesValidator}, validation.DefaultBundleValidators...)
	failed := false
	for _, result := range rules.Validate(bundle.ObjectsToValidate()...) {
		for _, finding := range result.Errors {
			fmt.Println("error:", finding.Error())
		}
		for _, finding := range result.Warnings {
			fmt.Println("warning:", finding.Error())
		}
		failed = failed || result.HasError()
	}
	return failed
}
