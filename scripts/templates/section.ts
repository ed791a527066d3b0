import { posix } from 'node:path';
import { findIntrinsic } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import type { ParameterDeclaration } from '../../packages/local/src/cloudformation/template/template.ts';
import type { TemplateFile } from './files.ts';
import { graphOf } from './graph.ts';
import { picture } from './picture.ts';

/** The section of one template: its description, a diagram of its resources, its parameters and its outputs. */
export function sectionOf(file: TemplateFile, others: readonly TemplateFile[], folder: string): string[] {
  const { parameters, outputs, description } = file.template;
  const path = posix.relative(folder, file.path);
  return [
    `## [\`${path}\`](${path})`,
    ...(description ? [text(description)] : []),
    `\`\`\`mermaid\n${picture(graphOf(file, others))}\n\`\`\``,
    ...details(
      `${parameters.size} parameters`,
      ['Parameter', 'Default', 'Accepts', ''],
      [...parameters.values()].map(parameterRow),
    ),
    ...details(
      `${outputs.size} outputs`,
      ['Output', 'Exported as', ''],
      [...outputs.values()].map(({ name, exportName, description = '' }) => [
        code(name),
        exportName === undefined ? '' : textsOf(exportName).map(code).join(' or '),
        description,
      ]),
    ),
  ];
}

function parameterRow(parameter: ParameterDeclaration): string[] {
  const { name, default: value, description = '', allowedValues, constraintDescription = '' } = parameter;
  const accepted = allowedValues?.map(code).join(', ') ?? constraintDescription;
  return [code(name), value === undefined ? 'required' : value === '' ? '' : code(value), accepted, description];
}

function details(summary: string, columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  const title = rows.length === 1 ? summary.replace(/s$/, '') : summary;
  return [`<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`];
}

/** A name as in the template, or both that an `Fn::If` chooses from: `HomeSeedServiceToken-${DomainId}`. */
function textsOf(value: unknown): string[] {
  const call = findIntrinsic(value);
  if (call?.name === 'Fn::If') return (call.argument as unknown[]).slice(1).flatMap(textsOf);
  return [String(call ? [call.argument].flat()[0] : value)];
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(value: string): string {
  return text(value)
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ');
}

/** Plain text in Markdown, where `<key>` would be an element of HTML. */
function text(value: string): string {
  return value.replaceAll('<', '&lt;');
}
