import pino, { type DestinationStream, type Logger } from 'pino';

/** What modules log to: `log.info({ object: 'istio-system/default' }, 'installed')`. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogOptions {
  level?: LogLevel;
  /** Fields of every line. */
  base?: Record<string, unknown>;
  /** Where lines go; standard output unless told. */
  destination?: DestinationStream;
}

// Secret data and credentials must not reach a log, not even inside an error or an object that is logged whole.
const SECRET_FIELDS = ['token', 'password', 'authorization', 'Authorization', 'clientSecret', 'privateKey'];
const REDACTED_PATHS = [
  ...SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
  'data["tls.key"]',
  '*.data["tls.key"]',
  '*.data["ca-key.pem"]',
  'secret.data',
  'secret.stringData',
];

/** JSON lines with ISO times; one line per transition, never with a secret in it. */
export function createLog(options: LogOptions = {}): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: options.base ?? {},
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'message',
    errorKey: 'error',
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/** A log that says nothing. */
export function createSilentLog(): Logger {
  return pino({ level: 'silent' });
}
