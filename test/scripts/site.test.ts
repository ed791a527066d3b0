import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { siteLink, sitePages } from '../../docs/.vitepress/pages.ts';
import { sidebar } from '../../docs/.vitepress/sidebar.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const directory = temporaryDirectory();
const files = {
  'README.md': '# Start\n',
  'docs/INSTALLING.md': '# Installing `it`\n',
  'cloudformation/README.md': '# Templates\n',
  'cloudformation/domain.yaml': 'Resources: {}\n',
  'cloudformation/examples/domain.yaml': 'Resources: {}\n',
  'node_modules/some/README.md': '# Not ours\n',
  'docs/node_modules/some/README.md': '# Not ours\n',
};
let root: string;
let pages: ReadonlySet<string>;

beforeAll(() => {
  root = directory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  pages = new Set(sitePages(root));
});

const link = (page: string, href: string) => siteLink(root, pages, page, href);

test('the pages are the Markdown files of the repository, each folder’s README first', () => {
  expect([...pages]).toEqual(['README.md', 'cloudformation/README.md', 'docs/INSTALLING.md']);
});

test.each([
  ['another page', 'README.md', 'docs/INSTALLING.md#check-it', '/docs/INSTALLING.md#check-it'],
  ['a README', 'docs/INSTALLING.md', '../README.md', '/index.md'],
  ['a folder with a README', 'README.md', 'cloudformation/', '/cloudformation/index.md'],
  ['the page itself', 'README.md', '#try-it', '#try-it'],
  ['another host', 'README.md', 'https://docs.aws.amazon.com/', 'https://docs.aws.amazon.com/'],
])('a link to %s leads there', (_, page, href, target) => {
  expect(link(page, href)).toEqual({ href: target });
});

test('a link to a file that is no page leads to a copy of it', () => {
  const file = 'cloudformation/domain.yaml';
  expect(link('cloudformation/README.md', 'domain.yaml')).toEqual({ href: `/files/${file}`, file });
});

test.each([
  ['domains.yaml', 'cloudformation/domains.yaml is missing'],
  ['examples', 'cloudformation/examples is a folder without a README.md'],
])('a link to %s, which no reader could follow, is an error that names the page', (href, why) => {
  const message = `Linking to ${href} in cloudformation/README.md: ${why}; name a file or a page`;
  expect(() => link('cloudformation/README.md', href)).toThrow(message);
});

test('the sidebar has every page once, by its title', () => {
  const items = sidebar(root, [...pages]).flatMap((group) => group.items.map(({ text }) => `${group.text}: ${text}`));
  expect(items).toEqual(['Start: Start', 'Start: Installing it', 'Templates: Templates']);
});

test('a page without a title is an error that names it', () => {
  writeFileSync(join(root, 'docs/NEW.md'), 'No title\n');
  expect(() => sidebar(root, ['docs/NEW.md'])).toThrow('Listing docs/NEW.md in the sidebar: it has no title');
});
