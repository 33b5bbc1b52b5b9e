import manifest from '../package.json' with { type: 'json' };

/** Of this program; a build has it inside. */
export const VERSION: string = manifest.version;
