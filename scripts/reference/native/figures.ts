import packageJson from '../../../package.json' with { type: 'json' };
import { structureNamed } from '../../schemas/api.ts';
import { memberPaths } from '../structures.ts';
import native from './members.json' with { type: 'json' };

/** AWS's own types, each with the input of the API operation that it calls. */
export const compared: Readonly<Record<string, string>> = {
  'AWS::SageMaker::Domain': 'CreateDomainRequest',
  'AWS::SageMaker::UserProfile': 'CreateUserProfileRequest',
  'AWS::SageMaker::Space': 'CreateSpaceRequest',
};

/** How much of an API operation's input a native type has, counted to the bottom. */
export interface Figure {
  type: string;
  operation: string;
  known: number;
  all: number;
  /** The paths of the members that it lacks; of a structure that it lacks, the structure alone. */
  lacking: string[];
}

/** The figures of each native type that is compared. */
export function figures(): Figure[] {
  return Object.entries(compared).map(([type, input]) => {
    const all = memberPaths(structureNamed(input)!);
    const has = new Set((native.types as Record<string, string[]>)[type]);
    const lacking = all.filter((path) => !has.has(path));
    return {
      type,
      operation: input.replace(/Request$/, ''),
      known: all.length - lacking.length,
      all: all.length,
      lacking: lacking.filter(
        (path) => !lacking.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[`)),
      ),
    };
  });
}

/** What was compared, and when. */
export const sources = {
  client: `@aws-sdk/client-sagemaker ${packageJson.devDependencies['@aws-sdk/client-sagemaker']}`,
  registry: native.source,
  date: native.measured,
};
