import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What AWS says of a member of a structure of SageMaker's API, as plain text: from the types of the SDK's client. */
export function apiDocumentation(structure: string, member: string): string | undefined {
  documented ??= readTypes();
  return documented.get(structure)?.get(member);
}

type Documented = ReadonlyMap<string, ReadonlyMap<string, string>>;

let documented: Documented | undefined;

function readTypes(): Documented {
  const client = dirname(fileURLToPath(import.meta.resolve('@aws-sdk/client-sagemaker')));
  const folder = join(client, '..', 'dist-types', 'models');
  const files = readdirSync(folder).filter((name) => name.startsWith('models_'));
  return new Map(files.flatMap((name) => interfacesIn(readFileSync(join(folder, name), 'utf8'))));
}

function interfacesIn(text: string): [string, ReadonlyMap<string, string>][] {
  return [...text.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)].map(([, name, body]) => {
    const members = [...body!.matchAll(/^ {4}\/\*\*\n(.*?)^ {5}\*\/\n {4}(\w+)\??: /gms)];
    return [name!, new Map(members.map(([, comment, member]) => [member!, plainText(comment!)]))];
  });
}

/** Of a comment with HTML in it; without its tags for tools. */
export function plainText(comment: string): string {
  return comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/^@public$/gm, '')
    .replace(/^@deprecated /m, 'Deprecated. ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<li>\s*(<p>)?/g, '\n- ')
    .replaceAll(/<\/(p|li|ul|ol|note|important|dl|dt|dd)>/g, '\n')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/ *\n\s*/g, '\n')
    .trim();
}
