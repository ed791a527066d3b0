import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { awsCommand } from './aws-command.ts';
import type { Caller } from './caller.ts';

/** The lines of a page's shell blocks, continued ones joined: of the whole page, or of one section. */
export function shellLines(page: string, section?: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const parts =
    section === undefined ? [text] : text.split(/^(?=## )/m).filter((part) => part.startsWith(`## ${section}\n`));
  if (parts.length !== 1) throw new Error(`Reading ${page}: it has no section ${section}`);
  return [...parts[0]!.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => block!.replace(/\\\n\s*/g, ' ').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Runs lines that call `aws`, or set a variable to what it answers, in their order. Gives the variables. */
export async function runLines(caller: Caller, lines: readonly string[]): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const line of lines) {
    const [, name, command = line] = /^(\w+)=\$\((.*)\)$/.exec(line) ?? [];
    const answer = await awsCommand(caller, command, variables);
    if (name !== undefined) variables[name] = String(answer);
  }
  return variables;
}
