import { evaluatedParts } from '../../packages/local/src/cloudformation/template/names.ts';
import {
  conditionReferences,
  type Reference,
  references,
} from '../../packages/local/src/cloudformation/template/references.ts';
import type { ResourceDeclaration, Template } from '../../packages/local/src/cloudformation/template/template.ts';

/** Every name that a template refers to, with its path. */
export function referencesIn(template: Template): Reference[] {
  const { conditions, rules, resources, outputs } = template;
  return [
    ...[...conditions].flatMap(([name, value]) => [...conditionReferences(value, `/Conditions/${name}`, 'all')]),
    ...[...rules.values()].flatMap(({ name, condition, assertions }) => {
      const all = [condition, ...assertions.map(({ assert }) => assert)];
      return all.flatMap((value) => [...conditionReferences(value, `/Rules/${name}`, 'all')]);
    }),
    ...[...resources.values()].flatMap(referencesOf),
    ...[...outputs.values()].flatMap(({ name, value, exportName }) => [
      ...references(value, `/Outputs/${name}/Value`, 'all'),
      ...references(exportName, `/Outputs/${name}/Export/Name`, 'all'),
    ]),
  ];
}

/** Every name that a resource refers to, except its condition's. */
export function referencesOf(resource: ResourceDeclaration): Reference[] {
  const path = `/Resources/${resource.logicalId}`;
  return [
    ...[...evaluatedParts(resource)].flatMap(([part, value]) => [...references(value, `${path}/${part}`, 'all')]),
    ...resource.dependsOn.map((name) => ({ kind: 'value' as const, name, from: 'DependsOn', path })),
  ];
}
