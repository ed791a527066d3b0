import type { Source } from '../check/sources.ts';
import type { TemplateFile } from '../templates/files.ts';
import { pageName, templatePages } from '../templates/pages.ts';
import { page } from './page.ts';

/** Every page that the definitions and the templates say, by its path from the root. */
export async function pages(files: readonly TemplateFile[]): Promise<Map<string, string>> {
  return new Map([['handlers/README.md', await page()], ...templatePages(files)]);
}

/** The pages among these sources that no template has any more. */
export function orphans(sources: readonly Source[], wanted: ReadonlyMap<string, string>): string[] {
  return sources.map(({ path }) => path).filter((path) => pageName.test(path) && !wanted.has(path));
}
