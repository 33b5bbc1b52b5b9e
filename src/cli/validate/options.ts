import { filesOption } from '../shell/option.ts';
import { ISTIO_VERSION, namespaceOption, OUTPUT } from '../shell/vocabulary.ts';

/** Of `sailwright validate`. */
export const VALIDATE_OPTIONS = {
  filename: filesOption({ short: 'f', value: 'PATH', about: 'file or directory to read; may be repeated' }),
  namespace: namespaceOption('where objects without one belong (default)'),
  istioVersion: ISTIO_VERSION,
  output: OUTPUT,
};
