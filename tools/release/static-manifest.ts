import { stringify } from 'yaml';
import { operatorObjects } from '../../src/cli/install/read-config.ts';
import { CONFIG } from './read-manifests.ts';

/** What `config/default` installs with this image, in one file: for who has neither kustomize nor Helm. */
export function renderStaticManifest(version: string, image: string): string {
  const header = `# Sailwright ${version}: kubectl apply --server-side -f THIS_FILE\n`;
  const texts = operatorObjects(CONFIG, image).map(
    (object) => `---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`,
  );
  return header + texts.join('');
}
