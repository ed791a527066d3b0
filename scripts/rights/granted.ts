import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowedActions } from '../check/policies.ts';
import { root } from '../handlers.ts';
import { readTemplateFile } from '../templates/files.ts';

/** What installs handlers. */
const installing = ['cloudformation/provider.yaml', 'cloudformation/home-seed.yaml'];

/** The actions that each role of the templates which install handlers is granted, by its logical id. */
export function grantedRights(): Map<string, Set<string>> {
  const resources = installing.flatMap((path) => {
    const { template } = readTemplateFile(path, readFileSync(join(root, path), 'utf8'));
    return [...template.resources.values()];
  });
  const roles = resources.filter(({ type }) => type === 'AWS::IAM::Role');
  return new Map(roles.map(({ logicalId, properties }) => [logicalId, new Set(allowedActions(properties))]));
}
