import { helpText, readCommandLine, wrongCommandLine } from '../../packages/local/src/command-line.ts';

const doctorArguments = {
  profile: { type: 'string', value: 'N', text: "The profile of the AWS CLI's configuration to call with" },
  endpoint: { type: 'string', value: 'URL', text: 'The address of a local cloud, in place of AWS' },
  region: { type: 'string', value: 'R', text: 'The Region. That of the environment, or us-east-1, if omitted' },
  stack: {
    type: 'string',
    default: 'studio-resources',
    value: 'NAME',
    text: 'The stack of provider.yaml. studio-resources if omitted',
  },
} as const;

/** What `npm run doctor -- --help` prints. */
export const doctorHelp = helpText(
  `Usage: npm run doctor -- [options]

Examines an installation of provider.yaml, and says how to mend it. It changes nothing.`,
  doctorArguments,
);

const help = 'npm run doctor -- --help';

/** The options of `npm run doctor --`. */
export interface DoctorOptions {
  profile?: string;
  endpoint?: string;
  region?: string;
  /** The stack of provider.yaml. */
  stack: string;
}

/** Reads the command line. Throws an Error that names the option that is wrong, and what it takes. */
export function readOptions(args: string[]): DoctorOptions {
  const { values } = readCommandLine(args, { options: doctorArguments, help });
  const { endpoint, profile, region, stack } = values;
  if (endpoint !== undefined && profile !== undefined) {
    throw wrongCommandLine('it takes either --profile or --endpoint, not both', help);
  }
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw wrongCommandLine(`--endpoint takes an address such as http://127.0.0.1:4566, not "${endpoint}"`, help);
  }
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)) {
    throw wrongCommandLine(`--region takes a Region such as eu-west-1, not "${region}"`, help);
  }
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
  if (!/^[a-zA-Z][a-zA-Z0-9-]{0,127}$/.test(stack)) {
    throw wrongCommandLine(`--stack takes the name of a stack such as studio-resources, not "${stack}"`, help);
  }
  return { profile, endpoint, region, stack };
}
