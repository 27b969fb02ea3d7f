// Verify checks a published log with the code that the go command trusts for sum.golang.org
// (golang.org/x/mod/sumdb: note and tlog). It knows nothing of our Python and reads only files.
//
// Usage: verify DIRECTORY VERIFIER-KEY [OLD-CHECKPOINT-FILE [INDEX...]]
//
// Every entry is proved to be in the signed tree, the old checkpoint to be its beginning. For each
// INDEX the inclusion proof is printed. Any contradiction ends the program with status 1.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// files serves tiles from a directory; tlog authenticates them against the signed root.
type files struct {
	directory string
	seen      map[string][]byte
}

func (f files) Height() int                         { return height }
func (f files) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// Go spells the tile height in the path, the C2SP format leaves it out.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, ok := f.seen[path]
		if !ok {
			var err error
			if data, err = f.read(path, tile.W*tlog.HashSize); err != nil {
				return nil, err
			}
			f.seen[path] = data
		}
		all = append(all, data)
	}
	return all, nil
}

// read returns a file, or the beginning of the full file that has replaced a partial one.
func (f files) read(path string, size int) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(f.directory, path))
	if err != nil {
		full, _, _ := strings.Cut(path, ".p/")
		data, err = os.ReadFile(filepath.Join(f.directory, full))
	}
	if err == nil && size >= 0 && len(data) >= size {
		data = data[:size]
	}
	return data, err
}

func (f files) bundle(number, width int64) ([][]byte, error) {
	tile := tlog.Tile{H: height, L: 0, N: number, W: int(width)}
	path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := f.read(path, -1)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, fmt.Errorf("%s: half a length", path)
		}
		size := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+size {
			return nil, fmt.Errorf("%s: half an entry", path)
		}
		entries = append(entries, data[2:2+size])
		data = data[2+size:]
	}
	if int64(len(entries)) != width {
		return nil, fmt.Errorf("%s: %d entries, expected %d", path, len(entries), width)
	}
	return entries, nil
}

func openCheckpoint(path string, verifier note.Verifier) (tlog.Tree, error) {
	var tree tlog.Tree
	data, err := os.ReadFile(path)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tree, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func checkEntries(tree tlog.Tree, log files, reader tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += 1 << height {
		entries, err := log.bundle(first>>height, min(1<<height, tree.N-first))
		if err != nil {
			return err
		}
		for at, entry := range entries {
			index := first + int64(at)
			proof, err := tlog.ProveRecord(tree.N, index, reader)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
				return fmt.Errorf("entry %d: %w", index, err)
			}
		}
	}
	return nil
}

func checkGrowth(old, tree tlog.Tree, reader tlog.HashReader) error {
	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("old checkpoint: %w", err)
	}
	fmt.Println("consistency", old.N, proof)
	return nil
}

func run(arguments []string) error {
	log := files{arguments[0], map[string][]byte{}}
	verifier, err := note.NewVerifier(arguments[1])
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(filepath.Join(log.directory, "checkpoint"), verifier)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	reader := tlog.TileHashReader(tree, log)
	if err := checkEntries(tree, log, reader); err != nil {
		return err
	}
	if len(arguments) > 2 {
		old, err := openCheckpoint(arguments[2], verifier)
		if err != nil {
			return fmt.Errorf("old checkpoint: %w", err)
		}
		if err := checkGrowth(old, tree, reader); err != nil {
			return err
		}
		for _, text := range arguments[3:] {
			index, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return err
			}
			proof, err := tlog.ProveRecord(tree.N, index, reader)
			if err != nil {
				return err
			}
			fmt.Println("inclusion", index, proof)
		}
	}
	fmt.Println("accepted", tree.N, tree.Hash)
	return nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: verify DIRECTORY VERIFIER-KEY [OLD-CHECKPOINT [INDEX...]]")
		os.Exit(2)
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
}
