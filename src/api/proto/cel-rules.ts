import type { CelRule } from './message-schema.ts';

/** At most one of the fields may be there. */
export function atMostOneOf(...fields: [string, string, ...string[]]): CelRule {
  const count = fields.map((name) => `(has(self.${name}) ? 1 : 0)`).join(' + ');
  return { rule: `${count} <= 1`, message: `set only one of ${fields.join(', ')}` };
}

export const PORT_IN_RANGE: CelRule = { rule: '0 < self && self <= 65535', message: 'must be a port from 1 to 65535' };

export const ADDRESS_REQUIRED: CelRule = {
  rule: 'has(self.address) || has(self.network)',
  message: 'set address, or network when the endpoint is reached through its gateway',
};

export const UNIX_WITHOUT_PORTS: CelRule = {
  rule: '(has(self.address) ? self.address : "").startsWith("unix://") ? !has(self.ports) : true',
  message: 'a unix:// address takes no ports',
};

export const LABEL_KEY_WILDCARD: CelRule = {
  rule: 'self.all(key, !key.contains("*"))',
  message: 'a label key here is literal: it may not contain *',
};

export const LABEL_KEY_EMPTY: CelRule = {
  rule: 'self.all(key, key.size() != 0)',
  message: 'a label key must not be empty',
};
