import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { excluded, siteLink, sitePages, sitePath } from './pages.ts';
import { sidebar } from './sidebar.ts';

const root = join(import.meta.dirname, '../..');
const pages = sitePages(root);
const isPage = new Set(pages);
/** What pages link to and is no page, to be copied beside them. */
const files = new Set<string>();

/** `npm run site`: the repository's pages as a website that needs no network. */
export default defineConfig({
  title: 'Studio Resources',
  description: 'CloudFormation custom resources for Amazon SageMaker Studio',
  // Browsers would ask for a file.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '..',
  srcExclude: excluded,
  outDir: '../dist/site',
  cacheDir: 'node_modules/.cache',
  rewrites: sitePath,
  themeConfig: { search: { provider: 'local' }, sidebar: sidebar(root, pages), outline: [2, 3] },
  vite: {
    // Pages outside of this folder become components, too.
    resolve: { alias: { vue: join(import.meta.dirname, '../node_modules/vue') } },
    build: { chunkSizeWarningLimit: 3000 },
  },
  markdown: {
    // Links name headings as GitHub does.
    anchor: { slugify: slug },
    config(markdown) {
      const normal = markdown.renderer.rules.link_open!;
      markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
        const token = tokens[index]!;
        const { href, file } = siteLink(root, isPage, env.relativePath, token.attrGet('href')!);
        token.attrSet('href', href);
        // Without it, the theme would take the copy of a file for a page.
        if (file) {
          files.add(file);
          token.attrSet('target', '_self');
        }
        return normal(tokens, index, options, env, self);
      };
      const fence = markdown.renderer.rules.fence!;
      markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
        const { info, content } = tokens[index]!;
        if (info !== 'mermaid') return fence(tokens, index, options, env, self);
        return `<Diagram source="${encodeURIComponent(content)}" />`;
      };
    },
  },
  buildEnd({ outDir }) {
    for (const file of files) cpSync(join(root, file), join(outDir, 'files', file));
    const name = 'mermaid.esm.min';
    for (const path of [`${name}.mjs`, `chunks/${name}`]) {
      const from = join(import.meta.dirname, '../node_modules/mermaid/dist', path);
      const isSource = (file: string) => !file.endsWith('.map');
      cpSync(from, join(outDir, 'mermaid', path), { recursive: true, filter: isSource });
    }
  },
});
