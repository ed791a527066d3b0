import { posix } from 'node:path';
import { isForReading, type TemplateFile } from './files.ts';
import { exportsOf, importsOf, matches } from './imports.ts';
import { studioResources } from './need.ts';
import { sectionOf } from './section.ts';

const top = 'cloudformation';
const written = '<!-- Written by npm run reference, from the templates beside it. -->';

/** What is known of every page of templates by its name alone: it is written here. */
export const pageName = /^cloudformation\/(README|[^/]+\/TEMPLATES)\.md$/;

const pictures =
  'In the diagrams, an arrow points from a resource to what it uses. A dashed border means that a condition decides whether ' +
  'the resource is created, a thick border another stack whose exports are imported. Roles, logs and permissions are listed ' +
  'in the box of the resource that they belong to.';

/** The pages about the templates, by their paths: one of all, and one for each folder of more. */
export function templatePages(files: readonly TemplateFile[]): Map<string, string> {
  const folders = new Map<string, TemplateFile[]>();
  for (const file of files) {
    const folder = folderOf(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const below = [...folders.keys()].filter((folder) => folder !== top).sort();
  return new Map([
    [`${top}/README.md`, mainPage(files, folders.get(top) ?? [], below)],
    ...below.map((folder) => [`${folder}/TEMPLATES.md`, folderPage(folder, folders.get(folder)!, files)] as const),
  ]);
}

/** That directly below cloudformation/, whose page has it; cloudformation/ itself for those that are in no other. */
function folderOf({ path }: TemplateFile): string {
  const [, folder, ...rest] = path.split('/');
  return rest.length > 0 ? `${top}/${folder}` : top;
}

function mainPage(files: readonly TemplateFile[], own: readonly TemplateFile[], folders: readonly string[]): string {
  const wanted = files.filter((file) => !isForReading(file) && studioResources(file).Need);
  const more = folders.map(
    (folder) => `[\`${folder.slice(top.length + 1)}\`](${folder.slice(top.length + 1)}/TEMPLATES.md)`,
  );
  return page([
    '# Templates',
    'Plain CloudFormation templates: deploy them as they are, nest them in a template of yours, or offer them in AWS Service ' +
      'Catalog. The tests deploy, update and delete each of them on the local cloud, which enforces their roles.',
    '## Which template do I need?',
    [
      '| I need | Template | It takes |',
      '|---|---|---|',
      ...byUse(wanted, files).map((file) => needRow(file, files)),
    ].join('\n'),
    ...(more.length > 0 ? [`The templates of these folders have pages of their own: ${more.join(', ')}.`] : []),
    pictures,
    ...byUse(own, files).flatMap((file) => sectionOf(file, files, top)),
  ]);
}

function folderPage(folder: string, own: readonly TemplateFile[], files: readonly TemplateFile[]): string {
  const name = folder.slice(top.length + 1);
  const sections = [...own].sort(byPath).flatMap((file) => sectionOf(file, files, folder));
  return page([`# Templates in ${name}`, `${pictures} [All templates](../README.md).`, ...sections]);
}

function page(parts: readonly string[]): string {
  return `${[written, ...parts].join('\n\n')}\n`;
}

function needRow(file: TemplateFile, files: readonly TemplateFile[]): string {
  const { Need, Takes } = studioResources(file);
  const link = (path: string) => `[\`${posix.relative(top, path)}\`](${posix.relative(top, path)})`;
  const stacks = new Set(
    importsOf(file).flatMap(
      ({ name }) => files.find((other) => exportsOf(other).some((one) => matches(name, one))) ?? [],
    ),
  );
  const required = [...file.template.parameters.values()].filter((one) => one.default === undefined);
  const takes = [
    [...stacks].map(({ path }) => link(path)).join(', '),
    required.map(({ name }) => `\`${name}\``).join(', '),
    Takes,
  ];
  return `| ${Need} | ${link(file.path)} | ${takes.filter(Boolean).join('; ')} |`.replaceAll('\n', ' ');
}

/** Those first that most others import from, and those of cloudformation/ before those of its folders. */
function byUse(own: readonly TemplateFile[], files: readonly TemplateFile[]): TemplateFile[] {
  const imported = files.flatMap((file) => importsOf(file).map(({ name }) => name));
  const uses = ({ path, ...file }: TemplateFile) =>
    exportsOf({ path, ...file }).filter((one) => imported.some((name) => matches(name, one))).length;
  const depth = (file: TemplateFile) => file.path.split('/').length;
  return [...own].sort((a, b) => depth(a) - depth(b) || uses(b) - uses(a) || byPath(a, b));
}

function byPath(a: TemplateFile, b: TemplateFile): number {
  return a.path < b.path ? -1 : 1;
}
