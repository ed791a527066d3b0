import { helpText, readCommandLine, wrongCommandLine } from '../../packages/local/src/command-line.ts';
import { readParameters } from '../start/options.ts';

/** What CloudFormation lets a template do only if its user says so. */
const capabilities = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const;
export type Capability = (typeof capabilities)[number];

/** The options of `npm run deploy --`. */
export interface DeployOptions {
  /** The template. */
  file: string;
  stack: string;
  parameters: Record<string, string>;
  profile?: string;
  endpoint?: string;
  region?: string;
  /** Those that the user grants; if left out, those that the template needs are shown before the user agrees. */
  capabilities?: Capability[];
  /** The bucket for a template that is too long for a call. */
  bucket?: string;
  /** The user has agreed already. */
  yes: boolean;
}

const deployArguments = {
  stack: { type: 'string', value: 'NAME', text: 'The stack, which is created if there is none of that name' },
  parameters: {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'K=V …',
    text: 'Values of parameters. Others keep the values that the stack has',
  },
  capabilities: {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'C',
    text: `${capabilities.join(', ')}, with commas. If omitted, those that the template needs, which are shown before`,
  },
  bucket: { type: 'string', value: 'NAME', text: 'The bucket to upload a template of more than 51,200 bytes to' },
  profile: { type: 'string', value: 'N', text: "The profile of the aws command line's configuration" },
  region: { type: 'string', value: 'R', text: 'The Region' },
  endpoint: { type: 'string', value: 'URL', text: 'The address of a local cloud, such as http://127.0.0.1:4566' },
  yes: { type: 'boolean', default: false, text: 'Deploys without asking' },
} as const;

/** What `npm run deploy -- --help` prints. */
export const deployHelp = helpText(
  `Usage: npm run deploy -- FILE --stack NAME [options]

Creates or updates a stack of the template FILE in an account or a local cloud: shows what will change, asks, and follows it to
its end.`,
  deployArguments,
);

const help = 'npm run deploy -- --help';

/** Reads the command line. Throws an Error that says what is wrong, and what is accepted. */
export function readOptions(args: string[]): DeployOptions {
  const { values, positionals } = readCommandLine(args, { options: deployArguments, help, allowPositionals: true });
  const wrong = (problem: string) => wrongCommandLine(problem, help);
  const { profile, region, endpoint, bucket, stack = '', yes } = values;
  const isPair = (text: string) => /^\w+=/.test(text);
  const files = positionals.filter((text) => !isPair(text));
  if (files.length !== 1) throw wrong(`it takes one template FILE, not ${files.join(' and ') || 'none'}`);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
  if (!/^[a-zA-Z][a-zA-Z0-9-]{0,127}$/.test(stack)) {
    throw wrong(`--stack takes the name of a stack such as studio, not "${stack}"`);
  }
  if (endpoint !== undefined && profile !== undefined) throw wrong('it takes either --profile or --endpoint, not both');
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw wrong(`--endpoint takes an address such as http://127.0.0.1:4566, not "${endpoint}"`);
  }
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)) {
    throw wrong(`--region takes a Region such as eu-west-1, not "${region}"`);
  }
  const granted = values.capabilities.flatMap((text) => text.split(','));
  const unknown = granted.find((one) => !capabilities.includes(one as Capability));
  if (unknown !== undefined) throw wrong(`--capabilities takes ${capabilities.join(', ')}, not "${unknown}"`);
  return {
    file: files[0]!,
    stack,
    parameters: readParameters([...values.parameters, ...positionals.filter(isPair)], help),
    profile,
    endpoint,
    region,
    capabilities: granted.length > 0 ? (granted as Capability[]) : undefined,
    bucket,
    yes,
  };
}
