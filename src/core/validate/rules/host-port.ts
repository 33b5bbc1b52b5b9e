const BRACKETED = /^\[([^[\]]*)\]:([^:[\]]*)$/;
const PLAIN = /^([^:[\]]*):([^:[\]]*)$/;

/** Splits `host:port` or `[host]:port` as Go's net.SplitHostPort does; either part may be empty. */
export function splitHostPort(text: string): { host: string; port: string } | undefined {
  const [, host, port] = BRACKETED.exec(text) ?? PLAIN.exec(text) ?? [];
  return host === undefined || port === undefined ? undefined : { host, port };
}
