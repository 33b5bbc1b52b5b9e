import { createHash } from 'node:crypto';
import type { MeshReport } from '../core/report/mesh-report.ts';
import type { PageAssets } from './page-assets.ts';

/** A whole page in one file: nothing is loaded, and nothing but its own script runs. */
export function reportDocument(report: MeshReport, { script, style }: PageAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // In a script that is none, only an end of one would be read.
  const data = JSON.stringify(report).replaceAll('<', String.raw`\u003c`);
  return documentOf({
    head: `<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>${style}</style>`,
    body: `<script type="application/json" id="report">${data}</script>
<script>${script}</script>`,
  });
}

/** The page without data, which asks for it; its policy comes in a header. */
export function liveDocument(): string {
  return documentOf({
    head: '<link rel="stylesheet" href="page.css">',
    body: '<script src="page.js"></script>',
  });
}

function documentOf({ head, body }: { head: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Sailwright: the mesh</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
<div id="app"></div>
<noscript>This page is drawn by a script of its own; sailwright report -o report.json has the same as JSON.</noscript>
${body}
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
