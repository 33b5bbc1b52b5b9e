// `npm run picture`: draws what the demo shows on a terminal, and the page of its mesh, for the README.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { drawPage } from './draw-page.ts';
import { playDemo } from './play-demo.ts';
import { renderSvg } from './render-svg.ts';
import { showTerminal } from './terminal.ts';

const FOLDER = join(import.meta.dirname, '../../docs/images');
const COMMAND = 'npm run demo';

await mkdir(FOLDER, { recursive: true });
const written = await playDemo((mesh) => drawPage(mesh, join(FOLDER, 'page')));
const lines = showTerminal(`$ \x1b[1m${COMMAND}\x1b[22m\n${written}`);
while (lines.at(-1)?.length === 0) lines.pop();
await writeFile(join(FOLDER, 'demo.svg'), renderSvg(lines, `A terminal that shows ${COMMAND}`));
console.log(`wrote demo.svg, page-light.png and page-dark.png to ${FOLDER}`);
