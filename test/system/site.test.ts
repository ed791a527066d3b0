/** The website from the repository's pages, as `npm run site` builds it, in a real browser. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { sitePages, sitePath } from '../../docs/.vitepress/pages.ts';
import { root } from '../../scripts/handlers.ts';
import { startBrowser } from './browser.ts';

const site = join(root, 'dist/site');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What a browser may wait for on a busy machine, in milliseconds. */
const timeout = 120_000;

let server: Server;
let origin: string;
let browser: Browser;

beforeAll(async () => {
  const built = spawnSync('npm', ['run', 'site'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`Building the site: ${built.stdout}${built.stderr}`);
  // Any host of static files will do.
  server = createServer(({ url }, response) => {
    const { pathname } = new URL(url!, 'http://site');
    const path = join(site, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const isFile = existsSync(path) && statSync(path).isFile();
    response.writeHead(isFile ? 200 : 404, { 'content-type': types[extname(path)] ?? 'text/plain; charset=utf-8' });
    response.end(isFile ? readFileSync(path) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await startBrowser();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** Opens a page; `problems` collects what its browser complains of, and each request of another origin. */
async function opened(path: string): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(timeout);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`${path}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${path}: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) problems.push(`${path} asks for ${url}`);
  });
  await page.goto(`${origin}/${path}`);
  return { page, problems };
}

const paths = sitePages(root).map((page) => sitePath(page).replace(/\.md$/, '.html'));

test('the site has a page for each Markdown file, and no other', () => {
  const built = globSync('**/*.html', { cwd: site, exclude: ['404.html', 'files/**'] });
  expect(built.sort()).toEqual([...paths].sort());
});

test('every page opens with its title and its diagrams, and asks no other host for anything', async () => {
  const found: string[] = [];
  for (const path of paths) {
    const { page, problems } = await opened(path);
    await page.waitForSelector('main h1');
    await page.waitForSelector('main .undrawn', { state: 'detached' });
    expect(await page.locator('main h1').innerText()).not.toBe('404');
    found.push(...problems);
    await page.close();
  }
  expect(found).toEqual([]);
}, 600_000);

test('every link within the site leads to a file, and to a heading that it names', () => {
  const ids = new Map<string, ReadonlySet<string>>();
  const read = (path: string) => readFileSync(join(site, path), 'utf8');
  for (const path of paths) ids.set(path, new Set([...read(path).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)));
  const broken = paths.flatMap((path) =>
    [...read(path).matchAll(/<a [^>]*href="([^"]+)"/g)].flatMap(([, href]) => {
      const url = new URL(href!.replaceAll('&amp;', '&'), `http://site/${path}`);
      if (url.host !== 'site') return [];
      const target = decodeURIComponent(url.pathname.slice(1)).replace(/(^|\/)$/, '$1index.html');
      const id = decodeURIComponent(url.hash.slice(1));
      const isThere = existsSync(join(site, target)) && (id === '' || !ids.has(target) || ids.get(target)!.has(id));
      return isThere ? [] : [`${path}: ${href}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('the search finds a property, and leads to the page that describes it', async () => {
  const { page, problems } = await opened('');
  await page.locator('.VPNavBarSearch button').click();
  await page.locator('.VPLocalSearchBox input').fill('HomeEfsFileSystem');
  await page.locator('.VPLocalSearchBox .result').first().click();
  await page.waitForURL((url) => url.pathname !== '/');
  await page.waitForSelector('main h1');
  expect(await page.locator('main').innerText()).toContain('HomeEfsFileSystem');
  expect(problems).toEqual([]);
}, 300_000);

test('a page of this repository that is linked to is a page of the site, and a template is a file beside them', async () => {
  const { page } = await opened('');
  await page.locator('main a', { hasText: 'provider.yaml' }).first().click();
  await page.waitForURL(`${origin}/files/cloudformation/provider.yaml`);
  const provider = readFileSync(join(root, 'cloudformation/provider.yaml'), 'utf8');
  expect(await page.locator('body').innerText()).toContain(provider.split('\n')[0]);
}, 300_000);
