// Holds objects as an Application of Argo CD does, by Argo CD's own engine: it watches the cluster, compares, and applies.
// Its arguments are the name of the Application and a file of objects. Each line of its input is a look, which it answers
// with a line of JSON; it ends when its input does.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/cache"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/engine"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2/textlogger"
)

// How Argo CD knows what belongs to an Application, and who it is to the API server.
const (
	trackingAnnotation = "argocd.argoproj.io/tracking-id"
	manager            = "argocd-controller"
)

type look struct {
	// What was compared: the objects of the file, and what else claims to belong to the Application.
	Compared int `json:"compared"`
	// What is not as it should be; Live or Desired is null where there is none.
	OutOfSync []difference `json:"outOfSync"`
	// What applying said of each object.
	Applied []string `json:"applied"`
	Error   string   `json:"error,omitempty"`
}

type difference struct {
	Name    string          `json:"name"`
	Live    json.RawMessage `json:"live"`
	Desired json.RawMessage `json:"desired"`
}

type application struct {
	name    string
	objects []*unstructured.Unstructured
	cache   cache.ClusterCache
	engine  engine.GitOpsEngine
}

var log = textlogger.NewLogger(textlogger.NewConfig())

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	objects, err := kube.SplitYAML(text)
	if err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	// As Argo CD's own flags have it; less would hold up what watches every kind.
	config.QPS, config.Burst = 50, 100
	clusterCache := cache.NewClusterCache(config,
		cache.SetLogr(log),
		cache.SetPopulateResourceInfoHandler(func(object *unstructured.Unstructured, _ bool) (any, bool) {
			owner, _, _ := strings.Cut(object.GetAnnotations()[trackingAnnotation], ":")
			return owner, owner == name
		}),
	)
	held := application{name, objects, clusterCache, engine.NewEngine(config, clusterCache, engine.WithLogr(log))}
	stop, err := held.engine.Run()
	if err != nil {
		return err
	}
	defer stop()
	answers := json.NewEncoder(os.Stdout)
	for requests := bufio.NewScanner(os.Stdin); requests.Scan(); {
		if err := answers.Encode(held.look()); err != nil {
			return err
		}
	}
	return nil
}

func (a *application) look() look {
	seen := look{OutOfSync: []difference{}, Applied: []string{}}
	err := a.compare(&seen)
	if err == nil {
		err = a.apply(&seen)
	}
	if err != nil {
		seen.Error = err.Error()
	}
	return seen
}

func (a *application) compare(seen *look) error {
	targets := a.targets()
	live, err := a.cache.GetManagedLiveObjs(targets, a.isOwn)
	if err != nil {
		return err
	}
	found := sync.Reconcile(targets, live, "", a.cache)
	result, err := diff.DiffArray(found.Target, found.Live, diff.WithLogr(log))
	if err != nil {
		return err
	}
	seen.Compared = len(result.Diffs)
	for i, one := range result.Diffs {
		if one.Modified {
			name := describe(found.Target[i], found.Live[i])
			seen.OutOfSync = append(seen.OutOfSync, difference{name, one.NormalizedLive, one.PredictedLive})
		}
	}
	return nil
}

func (a *application) apply(seen *look) error {
	results, err := a.engine.Sync(context.Background(), a.targets(), a.isOwn, "main", "",
		sync.WithLogr(log), sync.WithServerSideApplyManager(manager))
	for _, one := range results {
		seen.Applied = append(seen.Applied, one.Message)
	}
	return err
}

// What the engine may change for itself.
func (a *application) targets() []*unstructured.Unstructured {
	copies := make([]*unstructured.Unstructured, len(a.objects))
	for i, object := range a.objects {
		copies[i] = object.DeepCopy()
	}
	return copies
}

func (a *application) isOwn(resource *cache.Resource) bool {
	return resource.Info == a.name
}

func describe(objects ...*unstructured.Unstructured) string {
	for _, object := range objects {
		if object != nil {
			return object.GetKind() + " " + object.GetName()
		}
	}
	return ""
}
