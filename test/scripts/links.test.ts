import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readSources } from '../../scripts/check/sources.ts';
import { root } from '../../scripts/handlers.ts';
import { anchorOf } from '../../scripts/reference/resource/table.ts';

const pages = new Map(
  readSources()
    .filter(({ path }) => path.endsWith('.md'))
    .map(({ path, text }) => [path, withoutCode(text)]),
);

function withoutCode(text: string): string {
  return text
    .replaceAll(/^ *(```+|~~~+)[\s\S]*?^ *\1$/gm, '')
    .replaceAll(/(`+)[^`]+?\1(?!`)/g, (code) => code.replaceAll(/[[\]()#]/g, '·'));
}

/** The anchors of a page: those of its headings, where later ones of the same text are numbered. */
function anchorsOf(path: string): Set<string> {
  const seen = new Map<string, number>();
  // With code in it, as the anchor has its letters.
  const text = readFileSync(join(root, path), 'utf8').replaceAll(/^ *(```+|~~~+)[\s\S]*?^ *\1$/gm, '');
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'),
  );
  return new Set(
    headings.map((heading) => {
      const anchor = anchorOf(heading);
      const count = seen.get(anchor) ?? 0;
      seen.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    }),
  );
}

/** The links of a page to files of the repository and to anchors, also those by reference and of images. */
function linksOf(text: string): string[] {
  const inline = [...text.matchAll(/\]\(\s*<?([^()\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, target]) => target!);
  const byReference = [...text.matchAll(/^\[[^\]]+\]: +(\S+)$/gm)].map(([, target]) => target!);
  return [...inline, ...byReference].filter((target) => !/^[a-z][a-z0-9+.-]*:/.test(target));
}

/** What is wrong with a link of a page; undefined if it leads somewhere. */
function problemWith(page: string, link: string): string | undefined {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : posix.join(posix.dirname(page), decodeURIComponent(file));
  if (target.startsWith('..') || !existsSync(join(root, target))) return `${page}: ${link}: there is no ${target}`;
  const isFolder = statSync(join(root, target)).isDirectory();
  // The website has no page of a folder without one.
  if (isFolder && !existsSync(join(root, target, 'README.md'))) return `${page}: ${link}: ${target} has no README.md`;
  if (anchor === undefined) return undefined;
  if (!target.endsWith('.md') || isFolder) return `${page}: ${link}: an anchor of no page`;
  return anchorsOf(target).has(anchor) ? undefined : `${page}: ${link}: ${target} has no such heading`;
}

test('every link in every page leads to a file that exists, and every anchor to a heading', () => {
  const problems = [...pages].flatMap(([page, text]) => linksOf(text).flatMap((link) => problemWith(page, link) ?? []));
  expect(problems).toEqual([]);
});

test('a link that leads nowhere is found', () => {
  const text = withoutCode(
    '[a](../nowhere.md) `[b](gone.md)` ![c](gone.svg "x")\n\n```md\n[d](gone.md)\n```\n\n[e]: #gone\n',
  );
  expect(linksOf(text)).toEqual(['../nowhere.md', 'gone.svg', '#gone']);
  expect(linksOf(text).map((link) => problemWith('docs/INSTALLING.md', link))).toEqual([
    'docs/INSTALLING.md: ../nowhere.md: there is no nowhere.md',
    'docs/INSTALLING.md: gone.svg: there is no docs/gone.svg',
    'docs/INSTALLING.md: #gone: docs/INSTALLING.md has no such heading',
  ]);
  expect(problemWith('README.md', 'docs/INSTALLING.md#one-for-each-team')).toBeUndefined();
  expect(problemWith('README.md', 'docs/resources')).toBe('README.md: docs/resources: docs/resources has no README.md');
  expect(problemWith('README.md', 'package.json#x')).toBe('README.md: package.json#x: an anchor of no page');
});
