import { Gauge, type Registry } from 'prom-client';

/** One line of a gauge. */
export interface GaugeLine<L extends string> {
  labels: Record<L, string>;
  value: number;
}

/** A gauge whose lines are read anew at each scrape; returns what says from where. */
export function createScrapedGauge<L extends string>(
  registry: Registry,
  { name, help, labelNames }: { name: string; help: string; labelNames: readonly L[] },
): (read: () => Iterable<GaugeLine<L>>) => void {
  let readLines = (): Iterable<GaugeLine<L>> => [];
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of readLines()) this.labels(labels).set(value);
    },
  });
  return (read) => void (readLines = read);
}
