import type { TemplateFile } from '../templates/files.ts';
import { exportsOf, importsOf, matches } from '../templates/imports.ts';
import type { Finding } from './findings.ts';

/** Imports in these templates of what none of all our templates exports. */
export function checkImports(files: readonly TemplateFile[], all: readonly TemplateFile[]): Finding[] {
  const exported = all.flatMap(exportsOf);
  return files.flatMap((file) =>
    importsOf(file)
      .filter(({ name }) => !exported.some((one) => matches(name, one)))
      .map(({ name, path }) => {
        const message = `${name}: no template below cloudformation/ exports it`;
        return { path: file.path, line: file.places.at(path).line, rule: 'import', message };
      }),
  );
}
