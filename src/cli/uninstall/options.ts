import { switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, namespaceOption } from '../shell/vocabulary.ts';

/** Of `sailwright uninstall`. */
export const UNINSTALL_OPTIONS = {
  keepMesh: switchOption({ about: 'leave the mesh to istiod, which then injects and validates by itself' }),
  force: switchOption({ about: 'without --keep-mesh: remove what is in use, too' }),
  namespace: namespaceOption('of the IstioOperators; all of them unless told'),
  yes: switchOption({ short: 'y', about: 'do it; without it, what would change is told' }),
  dryRun: switchOption({ about: 'tell what would change, and write nothing, with --yes too' }),
  timeout: textOption({ value: 'SECONDS', about: 'how long it may take for each IstioOperator', standard: '300' }),
  ...CLUSTER_OPTIONS,
};
