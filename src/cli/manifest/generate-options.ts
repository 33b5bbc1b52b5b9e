import { switchOption } from '../shell/option.ts';
import { RESOURCE_OPTIONS, resourceFilesOption } from '../shell/vocabulary.ts';

/** Of `sailwright manifest generate`. */
export const GENERATE_OPTIONS = {
  filename: resourceFilesOption('read'),
  ...RESOURCE_OPTIONS,
  upstream: switchOption({ about: "exactly what Istio's own tool renders" }),
  force: switchOption({ about: 'render although validation found problems' }),
};
