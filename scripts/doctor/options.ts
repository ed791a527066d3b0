import { parseArgs } from 'node:util';

export const usage = 'Usage: npm run doctor -- [--profile N | --endpoint URL] [--region R] [--stack NAME]';

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
  const { values } = parseArgs({
    args,
    options: {
      profile: { type: 'string' },
      endpoint: { type: 'string' },
      region: { type: 'string' },
      stack: { type: 'string', default: 'studio-resources' },
    },
  });
  const { endpoint, profile, region, stack } = values;
  if (endpoint !== undefined && profile !== undefined) {
    throw wrong('it takes either --profile or --endpoint, not both');
  }
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw wrong(`--endpoint takes an address such as http://127.0.0.1:4566, not "${endpoint}"`);
  }
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)) {
    throw wrong(`--region takes a Region such as eu-west-1, not "${region}"`);
  }
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
  if (!/^[a-zA-Z][a-zA-Z0-9-]{0,127}$/.test(stack)) {
    throw wrong(`--stack takes the name of a stack such as studio-resources, not "${stack}"`);
  }
  return { profile, endpoint, region, stack };
}

function wrong(problem: string): Error {
  return new Error(`Reading the command line: ${problem}.\n${usage}`);
}
