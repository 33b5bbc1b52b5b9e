import { fieldPath } from '../../../api/field-path.ts';
import type { Fault, Findings } from '../findings.ts';

const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const KEY = new RegExp(`^(?:(${LABEL}(?:\\.${LABEL})*)/)?([A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)$`);
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const MAX_PREFIX = 253;
const MAX_NAME = 63;

/** Records what is wrong with keys and values of labels, as Kubernetes has them. */
export function checkLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: string,
  findings: Findings,
): void {
  for (const key in labels) {
    const keyFault = findLabelKeyFault(key);
    if (keyFault) findings.check(fieldPath(path, key), keyFault);
    if (!VALUE.test(labels[key] ?? '')) findings.check(fieldPath(path, key), valueFault(labels[key] ?? ''));
  }
}

function findLabelKeyFault(key: string): Fault | undefined {
  const [, prefix = '', name = ''] = KEY.exec(key) ?? [];
  if (name !== '' && name.length <= MAX_NAME && prefix.length <= MAX_PREFIX) return undefined;
  const message = `${JSON.stringify(key)} is not a valid label: use at most ${MAX_NAME} letters, digits, -, _ or ., after an optional DNS name and /`;
  return { code: 'LabelKeyInvalid', message };
}

function valueFault(value: string): Fault {
  const message = `${JSON.stringify(value)} is not a valid value of a label: use letters, digits, -, _ or ., with a letter or digit at both ends`;
  return { code: 'LabelValueInvalid', message };
}
