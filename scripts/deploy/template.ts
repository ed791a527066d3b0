import { readFile } from 'node:fs/promises';
import {
  type CloudFormationClient,
  type TemplateParameter,
  ValidateTemplateCommand,
  type ValidateTemplateCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { guess } from '../../packages/local/src/command-line.ts';

/** A template that CloudFormation has accepted as such, and the name under which messages speak of it. */
export interface ValidTemplate {
  name: string;
  body: string;
  /** What CloudFormation says of it: its parameters, and the capabilities that it needs. */
  summary: ValidateTemplateCommandOutput;
}

/** Reads a template. `option` is what names it on the command line. Throws an Error that says why it cannot be read. */
export async function readTemplateFile(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is no such file; give the path of a template'
        : (cause as NodeJS.ErrnoException).code === 'EISDIR'
          ? 'it is a directory; give the path of a template'
          : (cause as Error).message;
    throw new Error(`Reading ${path} (${option}): ${why}`, { cause });
  }
}

/** What the SDK says where CloudFormation was not even asked, and what to do. */
const unanswered: [says: RegExp, cure: string][] = [
  [/^Region is missing/, '. Add --region R, or set AWS_REGION'],
  [/^Could not load credentials/, '. Add --profile N, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT/,
    '. Nothing answers there: check --endpoint or AWS_ENDPOINT_URL, and --region. npm run local starts a local cloud',
  ],
];

/** Lets CloudFormation parse a template. Throws an Error with what it finds. */
export async function validateTemplate(
  client: CloudFormationClient,
  name: string,
  source: { TemplateBody: string } | { TemplateURL: string },
): Promise<ValidateTemplateCommandOutput> {
  try {
    return await client.send(new ValidateTemplateCommand(source));
  } catch (cause) {
    const { message } = cause as Error;
    const [, cure = ''] = unanswered.find(([says]) => says.test(message)) ?? [];
    throw new Error(`Validating ${name}: ${message}${cure}`, { cause });
  }
}

/** Throws an Error that names the parameters that the template does not have, with those that it has. */
export function refuseUnknownParameters(
  name: string,
  declared: readonly TemplateParameter[],
  given: Readonly<Record<string, string>>,
): void {
  const names = declared.map(({ ParameterKey }) => ParameterKey!);
  const unknown = Object.keys(given).filter((key) => !names.includes(key));
  if (unknown.length === 0) return;
  const guessed = unknown.map((key) => `${key}${guess(key, names)}`).join(', ');
  const has = names.length > 0 ? `It has ${names.join(', ')}` : 'It has none';
  throw new Error(`Reading --parameters: ${name} has no parameter ${guessed}. ${has}.`);
}

/** The declared parameters that have no default, and that are not given. */
export function missingParameters(
  declared: readonly TemplateParameter[],
  given: Readonly<Record<string, string>>,
): TemplateParameter[] {
  return declared.filter(({ ParameterKey, DefaultValue }) => DefaultValue === undefined && !(ParameterKey! in given));
}

/** The error that names every parameter that has no value. */
export function parametersMissing(name: string, missing: readonly TemplateParameter[]): Error {
  const lines = missing.map(
    ({ ParameterKey, Description }) => `  ${ParameterKey}${Description ? `: ${Description}` : ''}`,
  );
  const option = missing.map(({ ParameterKey }) => `${ParameterKey}=…`).join(' ');
  return new Error(
    `Reading --parameters: ${name} needs a value for each of these, which have no default:\n${lines.join('\n')}\nAdd --parameters ${option}`,
  );
}
