import { readFileSync } from 'node:fs';
import { PageError } from './page-error.ts';

/** What a browser gets beside the data. */
export interface PageAssets {
  script: string;
  style: string;
}

/** The bundle has them beside its other files; a program that runs from its sources has what was built last. */
const FOLDERS = ['./', '../../dist/'];

/** Script and style sheet of the page, as `npm run build` made them. @throws PageError */
export function loadPageAssets(): PageAssets {
  return { script: readAsset('page.js'), style: readAsset('page-style.css') };
}

function readAsset(name: string): string {
  for (const folder of FOLDERS) {
    try {
      return readFileSync(new URL(`${folder}${name}`, import.meta.url), 'utf8');
    } catch {
      // Perhaps it is in the next one.
    }
  }
  throw new PageError(`${name} is missing beside the program: install it anew, or run npm run build in its sources`);
}
