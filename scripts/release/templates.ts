import { isScalar, parseDocument, type Scalar, visit, type YAMLMap } from 'yaml';

/** What a release puts into its templates. */
export interface Placed {
  version: string;
  /** The default of ArtifactBucket: `acme-studio-{Region}`. */
  bucket: string;
  /** The default of ArtifactPrefix: `studio-resources/1.4.0`. */
  prefix: string;
  /** The paths of zips below the prefix: `studio-domain.zip`, and what it is in the release. */
  zips: ReadonlyMap<string, string>;
}

/** A part of a text, and what is to stand there. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

/**
 * A template as a release has it: with defaults for where the release is, with the paths of its zips, and with its version
 * as `Metadata.StudioResources.Version`. Everything else stays as it is written.
 *
 * @throws Error for a zip that the release does not have
 */
export function templateInRelease(path: string, text: string, { version, bucket, prefix, zips }: Placed): string {
  const document = parseDocument(text, { logLevel: 'error' });
  const edits = [versionOf(text, document, version)];
  for (const [name, value] of [
    ['ArtifactBucket', bucket],
    ['ArtifactPrefix', prefix],
  ] as const) {
    const parameter = document.getIn(['Parameters', name]) as YAMLMap | undefined;
    if (parameter) edits.push(defaultOf(text, parameter, value));
  }
  visit(document, {
    Scalar(_, node) {
      const [, zip] = /^\$\{ArtifactPrefix\}\/(.+\.zip)$/.exec(String(node.value)) ?? [];
      if (zip === undefined) return;
      const released = zips.get(zip);
      if (released === undefined) {
        throw new Error(`Releasing ${path}: it names ${zip}, and the build has no such zip; run npm run build`);
      }
      const [from, to] = node.range!;
      edits.push({ from, to, text: text.slice(from, to).replace(zip, released) });
    },
  });
  return edits
    .sort((a, b) => b.from - a.from)
    .reduce((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text);
}

/** Replaces a parameter's default, or gives it one in the line below its type. */
function defaultOf(text: string, parameter: YAMLMap, value: string): Edit {
  const present = parameter.get('Default', true) as Scalar | undefined;
  if (present) return { from: present.range![0], to: present.range![1], text: `'${value}'` };
  const type = keyOf(parameter, 'Type')!;
  const at = lineEnd(text, type.range![0]);
  return { from: at, to: at, text: `${indentation(text, type)}Default: '${value}'\n` };
}

/** Puts the version first in the template's own metadata, which not every template has. */
function versionOf(text: string, document: ReturnType<typeof parseDocument>, version: string): Edit {
  const own = document.getIn(['Metadata', 'StudioResources']) as YAMLMap | undefined;
  const metadata = document.get('Metadata') as YAMLMap | undefined;
  if (own) return lineAbove(text, own, (indent) => `${indent}Version: ${version}\n`);
  if (metadata) {
    return lineAbove(text, metadata, (indent) => `${indent}StudioResources:\n${indent}  Version: ${version}\n`);
  }
  const at = lineEnd(text, keyOf(document.contents as YAMLMap, 'AWSTemplateFormatVersion')!.range![0]);
  return { from: at, to: at, text: `Metadata:\n  StudioResources:\n    Version: ${version}\n` };
}

function lineAbove(text: string, map: YAMLMap, line: (indentation: string) => string): Edit {
  const first = map.items[0]!.key as Scalar;
  const at = first.range![0] - indentation(text, first).length;
  return { from: at, to: at, text: line(indentation(text, first)) };
}

function keyOf(map: YAMLMap, name: string): Scalar | undefined {
  return map.items.map(({ key }) => key).find((key): key is Scalar => isScalar(key) && key.value === name);
}

function indentation(text: string, { range }: Scalar): string {
  return text.slice(text.lastIndexOf('\n', range![0] - 1) + 1, range![0]);
}

function lineEnd(text: string, offset: number): number {
  return text.indexOf('\n', offset) + 1;
}
