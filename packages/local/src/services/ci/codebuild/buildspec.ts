import { parse } from 'yaml';
import { invalid } from './records.ts';

/** The phases that a buildspec may have, in their order. */
export const phaseNames = ['install', 'pre_build', 'build', 'post_build'] as const;

export type PhaseName = (typeof phaseNames)[number];

export interface PhaseSpec {
  commands: string[];
  finally: string[];
  onFailure: 'ABORT' | 'CONTINUE';
}

/** Which files a build makes. */
export interface ArtifactSpec {
  files: string[];
  baseDirectory?: string;
  discardPaths: boolean;
  exclude: string[];
}

export interface Buildspec {
  variables: Record<string, string>;
  /** Names of parameters, and of secrets, by variable. */
  parameters: Record<string, string>;
  secrets: Record<string, string>;
  exported: string[];
  phases: Record<PhaseName, PhaseSpec>;
  artifacts?: ArtifactSpec;
  secondaryArtifacts: Record<string, ArtifactSpec>;
}

type Fields = Record<string, unknown>;

const topLevel = ['version', 'run-as', 'env', 'proxy', 'batch', 'phases', 'reports', 'artifacts', 'cache'];

/** Reads a buildspec of version 0.2. Throws InvalidInputException, as a build's YAML_FILE_ERROR says it. */
export function readBuildspec(text: string): Buildspec {
  let document: unknown;
  try {
    document = parse(text);
  } catch (cause) {
    throw invalid(`YAML_FILE_ERROR Message: ${(cause as Error).message.split('\n')[0]}`);
  }
  const spec = fields(document, 'the buildspec', topLevel);
  if (String(spec.version) !== '0.2') throw invalidBuildspec(`the local cloud runs version 0.2, not ${spec.version}`);
  const env = fields(spec.env, 'env', [
    'shell',
    'variables',
    'parameter-store',
    'secrets-manager',
    'exported-variables',
    'git-credential-helper',
  ]);
  const phases = fields(spec.phases, 'phases', [...phaseNames]);
  if (Object.keys(phases).length === 0) throw invalidBuildspec('at least one of the phases must be given');
  const { 'secondary-artifacts': secondary, ...primary } = fields(spec.artifacts, 'artifacts', artifactMembers);
  const others = Object.entries(fields(secondary, 'secondary-artifacts'));
  return {
    variables: texts(env.variables, 'env.variables'),
    parameters: texts(env['parameter-store'], 'env.parameter-store'),
    secrets: texts(env['secrets-manager'], 'env.secrets-manager'),
    exported: names(env['exported-variables']),
    phases: Object.fromEntries(phaseNames.map((name) => [name, phaseOf(phases[name], name)])) as Buildspec['phases'],
    artifacts: primary.files === undefined ? undefined : artifactOf(primary, 'artifacts'),
    secondaryArtifacts: Object.fromEntries(
      others.map(([name, one]) => [name, artifactOf(fields(one, name, artifactMembers), name)]),
    ),
  };
}

/** Throws InvalidInputException for a buildspec that could not be run. */
export function checkBuildspec(text: string): void {
  readBuildspec(text);
}

const artifactMembers = [
  'files',
  'name',
  'base-directory',
  'discard-paths',
  'exclude-paths',
  'enable-symlinks',
  's3-prefix',
  'secondary-artifacts',
];

function phaseOf(given: unknown, name: string): PhaseSpec {
  const members = ['run-as', 'on-failure', 'commands', 'finally', 'runtime-versions', 'steps'];
  const phase = fields(given, `phases.${name}`, members);
  const onFailure = phase['on-failure'] ?? 'ABORT';
  if (onFailure !== 'ABORT' && onFailure !== 'CONTINUE') {
    throw invalidBuildspec(`phases.${name}.on-failure is ABORT or CONTINUE here, not ${onFailure}`);
  }
  if (phase.steps !== undefined) throw invalidBuildspec(`the local cloud runs no steps, which phases.${name} has`);
  const finallyCommands = list(phase.finally, `phases.${name}.finally`);
  return { commands: list(phase.commands, `phases.${name}.commands`), finally: finallyCommands, onFailure };
}

function artifactOf(given: Fields, path: string): ArtifactSpec {
  const base = given['base-directory'];
  return {
    files: list(given.files, `${path}.files`),
    baseDirectory: base === undefined ? undefined : String(base),
    discardPaths: /^(yes|true)$/.test(String(given['discard-paths'] ?? 'no')),
    exclude: list(given['exclude-paths'], `${path}.exclude-paths`),
  };
}

function fields(value: unknown, path: string, known?: string[]): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidBuildspec(`${path} must be a mapping`);
  const unknown = known && Object.keys(value).find((name) => !known.includes(name));
  if (unknown) throw invalidBuildspec(`unknown key ${unknown} in ${path}, which takes ${known.join(', ')}`);
  return value as Fields;
}

function texts(value: unknown, path: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields(value, path)).map(([name, one]) => {
      if (typeof one === 'object') throw invalidBuildspec(`${path}.${name} must be a text`);
      return [name, String(one)];
    }),
  );
}

function list(value: unknown, path: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidBuildspec(`${path} must be a list`);
  for (const one of value) {
    // A colon and a space within a command that is not in quotes make a mapping of it.
    if (typeof one === 'object')
      throw invalidBuildspec(`Expected ${path} to be a list of texts, found a mapping: quote it`);
  }
  return value.map(String);
}

function names(value: unknown): string[] {
  const all = list(value, 'env.exported-variables');
  const bad = all.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (bad !== undefined) throw invalidBuildspec(`env.exported-variables has ${bad}, which is no name of a variable`);
  return all;
}

function invalidBuildspec(message: string): Error {
  return invalid(`YAML_FILE_ERROR Message: ${message}`);
}
