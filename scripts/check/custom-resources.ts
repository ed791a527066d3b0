import type { ResourceDeclaration } from '../../packages/local/src/cloudformation/template/template.ts';
import type { Definition } from '../reference/definition.ts';
import type { TemplateFile } from '../templates/files.ts';
import { referencesIn } from '../templates/references.ts';
import type { Finding } from './findings.ts';

/** Custom resources that none of the project's handlers makes, and attributes of custom resources that their handlers do not answer. */
export function checkCustomResources(file: TemplateFile, definitions: readonly Definition[]): Finding[] {
  const { path, template, places } = file;
  const ours = customResourcesOf(file, definitions);
  const strangers = [...template.resources.values()]
    .filter((each) => isCustom(each) && !isOwn(each) && !ours.has(each.logicalId))
    .map(({ logicalId, type, line }) => {
      const message = `${logicalId}: no handler makes ${type}; name an installed one by !ImportValue <name>ServiceToken`;
      return { path, line, rule: 'service-token', message };
    });
  const missing = referencesIn(template).flatMap(({ kind, name, attribute, path: place }): Finding[] => {
    const definition = ours.get(name);
    if (kind !== 'attribute' || !definition || attribute === undefined) return [];
    if (definition.attributes.includes(attribute)) return [];
    const all = definition.attributes.join(', ') || 'none at all';
    const message = `${name}.${attribute}: ${definition.type} has ${all}`;
    return [{ path, line: places.at(place).line, rule: 'attribute', message }];
  });
  return [...strangers, ...missing];
}

/** The resources of a template that the project's handlers make, by logical id. */
export function customResourcesOf(
  { template }: TemplateFile,
  definitions: readonly Definition[],
): Map<string, Definition> {
  const found = [...template.resources.values()].flatMap((resource) => {
    const definition = isCustom(resource) ? definitionOf(resource, definitions) : undefined;
    return definition ? [[resource.logicalId, definition] as const] : [];
  });
  return new Map(found);
}

/** By its ServiceToken, whatever name it has in the template: `!ImportValue StudioDomainServiceToken`; or by its name. */
function definitionOf({ type, properties }: ResourceDeclaration, definitions: readonly Definition[]) {
  const named = /\b(\w+)ServiceToken\b/.exec(JSON.stringify(properties.ServiceToken ?? ''))?.[1];
  return definitions.find((each) => each.type === (named ? `Custom::${named}` : type));
}

function isCustom({ type }: ResourceDeclaration): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Is it made by a function of the template's own? */
function isOwn({ properties }: ResourceDeclaration): boolean {
  return /^\{"Fn::GetAtt":/.test(JSON.stringify(properties.ServiceToken ?? ''));
}
