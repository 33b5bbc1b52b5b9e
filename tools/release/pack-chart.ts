import { gzipSync } from 'node:zlib';
import { CHART_NAME, renderChart } from '../chart/render-chart.ts';
import { fileEntry, type FileTree } from '../image/file-tree.ts';
import { packTar } from '../image/tar.ts';

/** The chart as `helm package` would pack it, but the same to the byte each time. */
export function packChart(version: string, repository?: string): Buffer {
  const files = [...renderChart(version, repository)];
  const tree: FileTree = new Map(files.map(([path, text]) => [`${CHART_NAME}/${path}`, fileEntry(text)]));
  return gzipSync(packTar(tree), { level: 9 });
}
