import { existsSync, globSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/** What has Markdown that is no page: what is installed or built, and what is copied to users with a README of its own. */
export const excluded = [
  '**/node_modules/**',
  '**/dist/**',
  'coverage/**',
  'cloudformation/project-templates/seed-code/**',
  'packages/core/starter/**',
];

/** The Markdown pages of the site, by their paths from the repository's root. */
export function sitePages(root: string): string[] {
  return globSync('**/*.md', { cwd: root, exclude: excluded }).sort(byIndex);
}

/** A folder's README comes first. */
function byIndex(one: string, other: string): number {
  return sitePath(one).replace('index.md', '') < sitePath(other).replace('index.md', '') ? -1 : 1;
}

/** The path of a page in the site: a folder's README is its index. */
export function sitePath(page: string): string {
  return page.replace(/(^|\/)README\.md$/, '$1index.md');
}

/** Where a link of a page leads. */
export interface SiteLink {
  href: string;
  /** The file that is to be copied to `files` in the site, since it is no page: its path from the root. */
  file?: string;
}

/**
 * Links of a page become those of the site: to another page, or to a copy of the file that they name. Links to other hosts,
 * and within the page, stay as they are.
 *
 * @throws Error if nothing has that path, or if a folder has no page
 */
export function siteLink(root: string, pages: ReadonlySet<string>, page: string, href: string): SiteLink {
  if (/^([a-z]+:|#)/.test(href)) return { href };
  const [, path, anchor] = /^([^#]*)(.*)$/.exec(href)!;
  const target = posix.join(posix.dirname(page), decodeURI(path!)).replace(/\/$/, '');
  const isThere = existsSync(join(root, target));
  const index = posix.join(target, 'README.md');
  if (isThere && pages.has(index)) return { href: `/${sitePath(index)}${anchor}` };
  if (isThere && pages.has(target)) return { href: `/${sitePath(target)}${anchor}` };
  if (!isThere || !statSync(join(root, target)).isFile()) {
    const what = isThere ? 'a folder without a README.md' : 'missing';
    throw new Error(`Linking to ${href} in ${page}: ${target} is ${what}; name a file or a page`);
  }
  return { href: `/files/${target}${anchor}`, file: target };
}
