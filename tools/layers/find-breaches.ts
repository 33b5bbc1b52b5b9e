import { findCircles, readImports, type Import } from './import-graph.ts';
import { LAYERS, roomOf } from './layers.ts';

/** What breaks the order of the rooms or closes a circle, one line each; none is as it should be. */
export function findBreaches(files: ReadonlyMap<string, string>): string[] {
  const imports = readImports(files);
  return [
    ...imports.flatMap(judgeImport),
    ...findCircles(imports).map((circle) => `circle of files: ${[...circle, circle[0]].join(' -> ')}`),
  ];
}

function judgeImport({ from, to, line }: Import): string[] {
  const [room, target] = [roomOf(from), roomOf(to)];
  const [row, below] = [rowOf(room), rowOf(target)];
  if (row < 0) return [`${from}: room ${room} has no row in tools/layers/layers.ts`];
  if (room === target || below < row) return [];
  return [`${from}:${line}: ${room} does not stand above ${target} (tools/layers/layers.ts), but imports ${to}`];
}

function rowOf(room: string): number {
  return LAYERS.findIndex((row) => row.includes(room));
}
