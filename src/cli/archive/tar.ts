import { listEntries, type FileTree, type TreeEntry } from './file-tree.ts';

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
/** Field type of POSIX.1-1988 (ustar), which every reader knows. */
const TYPES = { file: '0', link: '2', directory: '5' };

/**
 * A tar archive (ustar) of the tree that depends on the tree alone: sorted, of root, as old as the epoch.
 *
 * @throws when a path does not fit into ustar's fields.
 */
export function packTar(tree: FileTree): Buffer {
  const parts = listEntries(tree).flatMap(([path, entry]) => {
    const data = entry.kind === 'file' ? entry.data : Buffer.alloc(0);
    return [header(path, entry, data.length), data, Buffer.alloc(padding(data.length))];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** Bytes that fill the last block of `size` bytes. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function header(path: string, entry: TreeEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const { name, prefix } = splitPath(entry.kind === 'directory' ? `${path}/` : path);
  block.write(name, 0);
  writeOctal(block, 100, 8, entry.kind === 'link' ? 0o777 : entry.mode);
  writeOctal(block, 108, 8, 0);
  writeOctal(block, 116, 8, 0);
  writeOctal(block, 124, 12, size);
  writeOctal(block, 136, 12, 0);
  block.write(TYPES[entry.kind], 156);
  if (entry.kind === 'link') block.write(fitting(entry.target, NAME_BYTES), 157);
  block.write('ustar\0' + '00', 257);
  block.write(prefix, 345);
  // The sum counts its own field as blanks.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function writeOctal(block: Buffer, offset: number, length: number, value: number): void {
  block.write(value.toString(8).padStart(length - 1, '0'), offset);
}

/** A path that is too long for the name goes on in the prefix, split at a slash. */
function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { name: path, prefix: '' };
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const name = path.slice(slash + 1);
    if (name !== '' && Buffer.byteLength(name) <= NAME_BYTES) {
      return { name, prefix: fitting(path.slice(0, slash), PREFIX_BYTES) };
    }
  }
  return { name: fitting(path, NAME_BYTES), prefix: '' };
}

function fitting(text: string, bytes: number): string {
  if (Buffer.byteLength(text) > bytes) throw new Error(`${text}: longer than the ${bytes} bytes that tar has for it`);
  return text;
}
