import type { Template } from '../../../packages/local/src/cloudformation/template/template.ts';
import type { ProviderFunction } from '../../check/provider.ts';

/** The groups of parameters that say what functions reach. */
const groups = ['Rights', 'Domain'];

interface Interface {
  ParameterGroups?: { Label: { default: string }; Parameters: string[] }[];
}

/** The parameters for what functions reach that the role of a function, or its environment, depends on. */
export function narrowingParameters({ statements, variables }: ProviderFunction, template: Template): string[] {
  const text = JSON.stringify([statements, variables]);
  return limiting(template).filter((name) => text.includes(`\${${name}}`));
}

function limiting({ metadata }: Template): string[] {
  const { ParameterGroups = [] } =
    (metadata as Record<string, Interface> | undefined)?.['AWS::CloudFormation::Interface'] ?? {};
  return ParameterGroups.filter(({ Label }) => groups.includes(Label.default)).flatMap(({ Parameters }) => Parameters);
}

/** The parameters of the functions that narrow them, with the functions, in the order of the template. */
export function narrowed(
  functions: ReadonlyMap<string, ProviderFunction>,
  template: Template,
): Map<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const [id, one] of functions) {
    for (const name of narrowingParameters(one, template)) users.set(name, [...(users.get(name) ?? []), id]);
  }
  const known = [...template.parameters.keys()].filter((name) => users.has(name));
  return new Map(known.map((name) => [name, users.get(name)!]));
}
