import { nextSlice, SLICE_MS } from './slices.ts';

/** What is asked of a registry of metrics. */
export interface MetricsSource {
  readonly contentType: string;
  getMetricsAsArray(): readonly { name: string }[];
  getSingleMetricAsString(name: string): Promise<string>;
}

/** The text of all metrics, made in slices: each is asked of the system, or counted, and the first time all is cold. */
export async function encodeMetrics(
  source: Omit<MetricsSource, 'contentType'>,
  now: () => number = () => performance.now(),
): Promise<string> {
  const texts: string[] = [];
  let began = -Infinity;
  for (const { name } of source.getMetricsAsArray()) {
    if (now() - began >= SLICE_MS) {
      await nextSlice();
      began = now();
    }
    texts.push(await source.getSingleMetricAsString(name));
  }
  return `${texts.join('\n\n')}\n`;
}
