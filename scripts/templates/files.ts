import { posix } from 'node:path';
import { parseTemplate, type Template } from '../../packages/local/src/cloudformation/template/parse.ts';
import { type Source as Places, readSource } from '../../packages/local/src/cloudformation/template/source.ts';
import type { Source } from '../check/sources.ts';

/** A template of the project, as it is written and as CloudFormation reads it. */
export interface TemplateFile {
  /** From the repository's root: `cloudformation/domain.yaml`. */
  path: string;
  text: string;
  template: Template;
  places: Places;
}

/** A template that CloudFormation would refuse. */
export interface UnreadableTemplate {
  path: string;
  line: number;
  message: string;
}

export interface TemplateFiles {
  files: TemplateFile[];
  unreadable: UnreadableTemplate[];
}

/** The templates among these sources: every file below cloudformation/ and docs/examples/ with AWSTemplateFormatVersion. */
export function readTemplateFiles(sources: readonly Source[]): TemplateFiles {
  const files: TemplateFile[] = [];
  const unreadable: UnreadableTemplate[] = [];
  for (const { path, text } of sources) {
    if (!isTemplate(path, text)) continue;
    try {
      files.push(readTemplateFile(path, text));
    } catch (error) {
      const { message } = error as Error;
      unreadable.push({ path, message, line: Number(/\(line (\d+),/.exec(message)?.[1] ?? 1) });
    }
  }
  return { files, unreadable };
}

/** Throws CloudFormation's `ValidationError`, with the position, if the text is not a template. */
export function readTemplateFile(path: string, text: string): TemplateFile {
  return { path, text, template: parseTemplate(text), places: readSource(text) };
}

/** Whether the template is an example of one resource, or a part of a project's seed code. */
export function isForReading({ path }: Pick<TemplateFile, 'path'>): boolean {
  return posix
    .dirname(path)
    .split('/')
    .some((folder) => folder === 'examples' || folder === 'seed-code');
}

function isTemplate(path: string, text: string): boolean {
  return (
    /^(cloudformation|docs\/examples)\/.*\.(ya?ml|json)$/.test(path) && /^\s*"?AWSTemplateFormatVersion"?:/m.test(text)
  );
}
