// Lets the libraries that Kratos is made of judge what the charm does.
//
// Reads one request a line, in JSON: what to ask, and texts. Answers each with one line, a
// list with an answer for each text. It decides nothing itself; what is right is up to the
// Rust program that asks, beside this file.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/google/go-jsonnet"
	"gopkg.in/yaml.v3"
)

// The longest that one answer may take. Nobody can stop the interpreter, so a mapper that
// takes longer is left running.
const patience = 10 * time.Second

type request struct {
	// yaml, uri or jsonnet.
	Ask string `json:"ask"`
	// For jsonnet: the mapper. The texts are claims.
	Mapper string   `json:"mapper"`
	Texts  []string `json:"texts"`
}

// One value of a YAML document, as Go has it.
type leaf struct {
	// The keys and numbers that lead there.
	Path []string `json:"path"`
	Type string   `json:"type"`
	Text string   `json:"text"`
}

type answer struct {
	Leaves   []leaf `json:"leaves,omitempty"`
	Absolute bool   `json:"absolute,omitempty"`
	JSON     string `json:"json,omitempty"`
	Error    string `json:"error,omitempty"`
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var asked request
		if err := in.Decode(&asked); err != nil {
			return err
		}
		answers := make([]answer, 0, len(asked.Texts))
		for _, text := range asked.Texts {
			answers = append(answers, reply(asked, text))
		}
		if err := out.Encode(answers); err != nil {
			return err
		}
	}
	return nil
}

func reply(asked request, text string) answer {
	done := make(chan answer, 1)
	go func() {
		defer func() {
			if failure := recover(); failure != nil {
				done <- answer{Error: fmt.Sprint("panic: ", failure)}
			}
		}()
		done <- judge(asked, text)
	}()
	select {
	case given := <-done:
		return given
	case <-time.After(patience):
		return answer{Error: "too slow"}
	}
}

func judge(asked request, text string) answer {
	switch asked.Ask {
	case "yaml":
		return readYAML(text)
	case "uri":
		parsed, err := url.Parse(text)
		return answer{Absolute: err == nil && parsed.IsAbs()}
	case "jsonnet":
		return evaluate(asked.Mapper, text)
	default:
		return answer{Error: "unknown request"}
	}
}

// Kratos reads its configuration into an interface{} too.
func readYAML(text string) answer {
	var document any
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Leaves: leaves(nil, nil, document)}
}

func leaves(found []leaf, path []string, value any) []leaf {
	below := func(key string) []string { return append(slices.Clone(path), key) }
	switch value := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(value))
		for key := range value {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			found = leaves(found, below(key), value[key])
		}
	case []any:
		for at, item := range value {
			found = leaves(found, below(strconv.Itoa(at)), item)
		}
	default:
		found = append(found, leaf{path, fmt.Sprintf("%T", value), fmt.Sprint(value)})
	}
	return found
}

// As Kratos evaluates a mapper: without imports, and with the claims as code.
func evaluate(mapper, claims string) answer {
	vm := jsonnet.MakeVM()
	vm.Importer(noImports{})
	vm.ExtCode("claims", claims)
	result, err := vm.EvaluateAnonymousSnippet("mapper", mapper)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: result}
}

type noImports struct{}

func (noImports) Import(string, string) (jsonnet.Contents, string, error) {
	return jsonnet.Contents{}, "", errors.New("no imports")
}
