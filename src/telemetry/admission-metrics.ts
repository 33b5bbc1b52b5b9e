import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** One admission call that was answered. */
export interface AdmissionRecord {
  /** The route, not the URL: a caller must not be able to make new series. */
  path: string;
  /** A constant of the handler's, or what the server says itself. */
  verdict: string;
  /** HTTP status. */
  code: number;
  seconds: number;
}

/** Metrics of the webhook server. */
export interface AdmissionMetrics {
  recordAdmission(record: AdmissionRecord): void;
  /** Read at each scrape. */
  watchServer(read: () => { inFlight: number; connections: number }): void;
  /** Read at each scrape; undefined while there is no certificate. */
  watchCertificate(expiresAt: () => number | undefined): void;
  /** Read at each scrape; filled only on the replica that leads. */
  watchProofs(read: () => readonly WebhookState[]): void;
}

/** What the metrics read of a webhook configuration. */
export interface WebhookState {
  kind: string;
  name: string;
  isProven: boolean;
  isEnforced: boolean;
}

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface Series {
  count: Pick<Counter.Internal, 'inc'>;
  duration: Pick<Histogram.Internal<string>, 'observe'>;
}

export function createAdmissionMetrics(registry: Registry): AdmissionMetrics {
  const registers = [registry];
  const count = new Counter({
    name: 'sailwright_admission_requests_total',
    help: 'Admission calls, by route, verdict and HTTP status.',
    labelNames: ['path', 'verdict', 'code'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'sailwright_admission_duration_seconds',
    help: 'From the first byte of an admission call to its answer.',
    labelNames: ['path'] as const,
    buckets: BUCKETS,
    registers,
  });
  let readServer = (): { inFlight: number; connections: number } => ({ inFlight: 0, connections: 0 });
  let readExpiry = (): number | undefined => undefined;
  new Gauge({
    name: 'sailwright_admission_in_flight',
    help: 'Admission calls that are not answered yet.',
    registers,
    collect() {
      this.set(readServer().inFlight);
    },
  });
  new Gauge({
    name: 'sailwright_webhook_connections',
    help: 'Open connections to the webhook server.',
    registers,
    collect() {
      this.set(readServer().connections);
    },
  });
  new Gauge({
    name: 'sailwright_webhook_certificate_expiry_timestamp_seconds',
    help: 'When the serving certificate ends; 0 while there is none.',
    registers,
    collect() {
      this.set((readExpiry() ?? 0) / 1000);
    },
  });
  const watchProofs = createProofMetrics(registry);
  const series = new Map<string, Series>();
  return {
    recordAdmission: ({ path, verdict, code, seconds }) => {
      // Looking up labels costs more than counting: children are kept.
      const key = `${path} ${code} ${verdict}`;
      let found = series.get(key);
      if (!found) {
        found = { count: count.labels({ path, verdict, code: String(code) }), duration: duration.labels({ path }) };
        series.set(key, found);
      }
      found.count.inc();
      found.duration.observe(seconds);
    },
    watchServer: (read) => void (readServer = read),
    watchCertificate: (read) => void (readExpiry = read),
    watchProofs,
  };
}

function createProofMetrics(registry: Registry): AdmissionMetrics['watchProofs'] {
  let readProofs = (): readonly WebhookState[] => [];
  const gauge = (name: string, help: string, read: (state: WebhookState) => boolean): void => {
    new Gauge({
      name,
      help,
      labelNames: ['kind', 'name'] as const,
      registers: [registry],
      collect() {
        this.reset();
        for (const state of readProofs()) this.set({ kind: state.kind, name: state.name }, read(state) ? 1 : 0);
      },
    });
  };
  gauge(
    'sailwright_webhook_proven',
    '1 while the API server is refused by the webhook when tried; on the leader.',
    ({ isProven }) => isProven,
  );
  gauge(
    'sailwright_webhook_enforced',
    '1 while nothing passes without the webhook; on the leader.',
    ({ isEnforced }) => isEnforced,
  );
  return (read) => void (readProofs = read);
}
