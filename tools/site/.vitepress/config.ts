// The documentation as a site: README.md and docs/ as they are, with a search that needs no server.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { defineConfig, type DefaultTheme } from 'vitepress';

const ROOT = join(import.meta.dirname, '../../..');
/** The order in which README.md names the guides. */
const GUIDE_LINKS = /\(docs\/guides\/([\w-]+)\.md\)/g;

function titleOf(path: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1]?.replaceAll('`', '') ?? path;
}

function pagesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md') && name !== 'README.md');
}

function itemsOf(folder: string, names: readonly string[] = pagesOf(folder).sort()): DefaultTheme.SidebarItem[] {
  return names.map((name) => ({ text: titleOf(`${folder}/${name}`), link: `/${folder}/${name.replace(/\.md$/, '')}` }));
}

function guides(): string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const documentation = readme.slice(readme.indexOf('## Documentation'));
  const named = [...documentation.matchAll(GUIDE_LINKS)].map(([, name]) => `${name}.md`);
  return [...new Set([...named, ...pagesOf('docs/guides').sort()])];
}

export default defineConfig({
  title: 'Sailwright',
  description: 'An operator for the Istio service mesh',
  // Copies that build.ts makes: what pages are compiled to imports what is installed here.
  srcDir: 'pages',
  outDir: '../../dist/site',
  rewrites: { 'README.md': 'index.md', ':folder(.*)/README.md': ':folder/index.md' },
  cleanUrls: true,
  lastUpdated: false,
  // Pages that are not there fail the build. Other files of the project are no pages, and no link of the site.
  ignoreDeadLinks: false,
  vite: { build: { chunkSizeWarningLimit: 4_000 } },
  markdown: {
    config: (markdown) => {
      // Pages hold nothing of Vue: braces are braces.
      const render = markdown.renderer.render.bind(markdown.renderer);
      markdown.renderer.render = (...args) => render(...args).replaceAll('{{', '&#123;&#123;');
      // Before links are made those of the site.
      markdown.core.ruler.after('inline', 'links-of-the-site', ({ tokens }) => {
        for (const { children } of tokens) dropLinksToFiles(children ?? []);
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guides', link: '/docs/guides/getting-started' },
      { text: 'Reference', link: '/docs/reference/istiooperator' },
      { text: 'Changes', link: '/CHANGELOG' },
    ],
    sidebar: [
      { text: 'Guides', items: itemsOf('docs/guides', guides()) },
      { text: 'Reference', items: itemsOf('docs/reference') },
      { text: "Istio's kinds", collapsed: true, items: itemsOf('docs/reference/istio') },
      { text: 'Alerts', collapsed: true, items: itemsOf('docs/runbooks') },
      {
        text: 'How it is made',
        collapsed: true,
        items: [{ text: 'Architecture', link: '/docs/architecture' }, ...itemsOf('docs/adr')],
      },
    ],
  },
});

interface Token {
  type: string;
  tag: string;
  attrs: [string, string][] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** What leads to another page, into this one, or out of the project stays. */
function isOfTheSite(href: string): boolean {
  return /^([a-z]+:|#|\/)/.test(href) || /(\.md|\/|^)(#.*)?$/.test(href);
}

function dropLinksToFiles(tokens: Token[]): void {
  let isDropped = false;
  for (const token of tokens) {
    const href = token.attrGet('href') ?? '';
    if (token.type === 'link_open') {
      isDropped = !isOfTheSite(href);
      token.attrSet('href', href.replace(/(^|\/)README\.md/, '$1index.md'));
    }
    if (!isDropped || !/^link_/.test(token.type)) continue;
    token.tag = 'span';
    token.attrs = null;
    if (token.type === 'link_close') isDropped = false;
  }
}
