import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sitePath } from './pages.ts';

/** The groups of pages, in the order in which readers need them: the first that a page is in has it. */
const groups: readonly [title: string, pages: RegExp][] = [
  ['Start', /^(README|CHANGELOG)\.md$|^docs\/[^/]+\.md$/],
  ['Resources', /^(handlers|docs\/resources)\//],
  ['Templates', /^cloudformation\//],
  ['Packages', /^packages\//],
  ['The project', /./],
];

/** A group of the sidebar, as VitePress takes it. */
interface SidebarGroup {
  text: string;
  collapsed: boolean;
  items: { text: string; link: string }[];
}

/** All pages in groups, each by its own title. */
export function sidebar(root: string, pages: readonly string[]): SidebarGroup[] {
  const groupOf = (page: string) => groups.find(([, own]) => own.test(page))![0];
  return groups
    .map(([text], index) => ({
      text,
      collapsed: index > 1,
      items: pages
        .filter((page) => groupOf(page) === text)
        .map((page) => ({ text: titleOf(readFileSync(join(root, page), 'utf8'), page), link: `/${sitePath(page)}` })),
    }))
    .filter(({ items }) => items.length > 0);
}

/** @throws Error if a page does not begin with a title */
function titleOf(text: string, page: string): string {
  const title = /^# (.+)$/m.exec(text)?.[1];
  if (!title) throw new Error(`Listing ${page} in the sidebar: it has no title; begin it with "# ..."`);
  return title.replaceAll('`', '');
}
