import { PSEUDO_PARAMETERS } from './intrinsics.ts';
import { findParameterType } from './parameter-types.ts';
import { conditionReferences, type Reference, references } from './references.ts';
import { type Source, templateError } from './source.ts';
import type { ResourceDeclaration, Template } from './template.ts';
import { meant } from './way-out.ts';

/** The parts of a resource that may call functions. */
export function* evaluatedParts(resource: ResourceDeclaration): Generator<[name: string, value: unknown]> {
  yield ['Properties', resource.properties];
  yield ['Metadata', resource.metadata];
  yield ['CreationPolicy', resource.creationPolicy];
  yield ['UpdatePolicy', resource.updatePolicy];
}

/** Checks that every name which the template uses is defined by it. */
export function checkNames(template: Template, source: Source): void {
  checkUniqueNames(template, source);
  for (const [name, value] of template.conditions) {
    checkClosed(template, source, 'Conditions', [...conditionReferences(value, `/Conditions/${name}`, 'all')]);
  }
  for (const [name, { condition, assertions }] of template.rules) {
    const found = [...conditionReferences(condition, `/Rules/${name}/RuleCondition`, 'all')];
    for (const [index, { assert }] of assertions.entries()) {
      found.push(...conditionReferences(assert, `/Rules/${name}/Assertions/${index}/Assert`, 'all'));
    }
    checkClosed(template, source, 'Rules', found);
  }
  checkOpen(template, source, 'Resources', [...template.resources.values()].flatMap(resourceReferences));
  checkOpen(template, source, 'Outputs', [...outputReferences(template)]);
  checkExports(template, source);
}

function resourceReferences(resource: ResourceDeclaration): Reference[] {
  const path = `/Resources/${resource.logicalId}`;
  const found = [...evaluatedParts(resource)].flatMap(([name, value]) => [
    ...references(value, `${path}/${name}`, 'all'),
  ]);
  for (const name of resource.dependsOn) {
    found.push({ kind: 'value', name, from: 'DependsOn', path: `${path}/DependsOn` });
  }
  if (resource.condition !== undefined) {
    found.push({ kind: 'condition', name: resource.condition, from: 'Resources', path: `${path}/Condition` });
  }
  return found;
}

function* outputReferences({ outputs }: Template): Generator<Reference> {
  for (const { name, value, exportName, condition } of outputs.values()) {
    const path = `/Outputs/${name}`;
    yield* references(value, `${path}/Value`, 'all');
    yield* references(exportName, `${path}/Export/Name`, 'all');
    if (condition !== undefined)
      yield { kind: 'condition', name: condition, from: 'Outputs', path: `${path}/Condition` };
  }
}

/** The name of an export is known before there are resources. */
function checkExports(template: Template, source: Source): void {
  for (const { name, exportName } of template.outputs.values()) {
    const path = `/Outputs/${name}/Export/Name`;
    for (const reference of references(exportName, path, 'all')) {
      if (reference.kind !== 'attribute' && !isResource(template, reference)) continue;
      const text = `Template error: the Export Name of output ${name} must not depend on the resource ${reference.name}`;
      throw templateError(text, source.at(reference.path));
    }
  }
}

function checkUniqueNames({ parameters, resources }: Template, source: Source): void {
  const common = [...parameters.keys()].filter((name) => resources.has(name));
  if (common.length > 0) {
    const text = 'Template error: all resources and parameters must have unique names. Common name(s):';
    throw templateError(`${text}[${common.join(', ')}]`, source.at(`/Resources/${common[0]}`));
  }
}

/** A block that knows parameters, mappings and conditions only. */
function checkClosed(template: Template, source: Source, block: string, found: Reference[]): void {
  const unresolved = found.filter(({ kind, name, from }) =>
    kind === 'value' ? !isParameter(template, name, from) : kind === 'attribute',
  );
  if (unresolved.length > 0) {
    const text = `Template format error: Unresolved dependencies [${names(unresolved)}].`;
    throw templateError(
      `${text} Cannot reference resources in the ${block} block of the template`,
      placeOf(source, unresolved),
      unresolved.flatMap(({ name }) => meant(name, [...template.parameters.keys()])),
    );
  }
  checkDeclarations(template, source, found);
}

/** A block that knows resources too. */
function checkOpen(template: Template, source: Source, block: string, found: Reference[]): void {
  const { resources } = template;
  const unresolved = found.filter(
    ({ kind, name, from }) =>
      kind === 'value' && !resources.has(name) && (from === 'DependsOn' || !isParameter(template, name, from)),
  );
  if (unresolved.length > 0) {
    const text = `Template format error: Unresolved resource dependencies [${names(unresolved)}]`;
    const ways = unresolved.flatMap(({ name, from }) => meant(name, namesFor(template, from)));
    throw templateError(`${text} in the ${block} block of the template`, placeOf(source, unresolved), ways);
  }
  const imported = found.find((one) => one.imported && (one.kind === 'attribute' || isResource(template, one)));
  if (imported) {
    const text =
      'Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs';
    throw templateError(text, source.at(imported.path));
  }
  const missing = found.find(({ kind, name }) => kind === 'attribute' && !resources.has(name));
  if (missing) {
    const { from, name, attribute, path } = missing;
    const what = from === 'Fn::Sub' ? `invalid resource attribute ${name}.${attribute}` : `undefined resource ${name}`;
    const text = `Template error: instance of ${from} references ${what}`;
    throw templateError(text, source.at(path), meant(name, [...resources.keys()]));
  }
  checkDeclarations(template, source, found);
}

function checkDeclarations(template: Template, source: Source, found: Reference[]): void {
  const { conditions, mappings } = template;
  for (const { kind, name, from, path } of found) {
    if (from === 'Fn::Sub' && isList(template, name)) {
      const text = `Template error: variable ${name} in Fn::Sub expression does not resolve to a string`;
      throw templateError(text, source.at(path));
    }
    if (kind === 'mapping' && !mappings.has(name)) {
      const text = `Template error: Mapping named '${name}' is not present in the 'Mappings' section of template.`;
      throw templateError(text, source.at(path), meant(name, [...mappings.keys()]));
    }
    if (kind !== 'condition' || conditions.has(name)) continue;
    const text =
      from === 'Resources' || from === 'Outputs'
        ? `Template format error: Unresolved condition dependency ${name} in the ${from} block of the template`
        : `Template error: unresolved condition dependency ${name} in ${from}`;
    throw templateError(text, source.at(path), meant(name, [...conditions.keys()]));
  }
}

/** The names that a function may name. */
function namesFor({ resources, parameters }: Template, from: string): string[] {
  return from === 'DependsOn'
    ? [...resources.keys()]
    : [...resources.keys(), ...parameters.keys(), ...PSEUDO_PARAMETERS];
}

function isResource({ resources }: Template, { kind, name }: Reference): boolean {
  return kind === 'value' && resources.has(name);
}

function isList({ parameters }: Template, name: string): boolean {
  const type = parameters.get(name)?.type;
  return name === 'AWS::NotificationARNs' || (type !== undefined && findParameterType(type)?.list === true);
}

function isParameter({ parameters }: Template, name: string, from: string): boolean {
  return parameters.has(name) || (from !== 'Fn::ValueOf' && PSEUDO_PARAMETERS.has(name));
}

function names(found: Reference[]): string {
  return [...new Set(found.map(({ name }) => name))].join(', ');
}

function placeOf(source: Source, found: Reference[]) {
  return source.at(found[0]?.path ?? '');
}
