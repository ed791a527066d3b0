import { isMap } from './intrinsics.ts';
import { readCondition } from './resource-section.ts';
import type { Section } from './section.ts';
import type { Mappings, OutputDeclaration, RuleDeclaration } from './template.ts';

/** Reads `Outputs`. */
export function readOutputs(section: Section | undefined): Map<string, OutputDeclaration> {
  const outputs = new Map<string, OutputDeclaration>();
  section?.atMost(200, 'outputs');
  for (const [name, output] of section?.named('Output') ?? []) outputs.set(name, readOutput(name, output));
  return outputs;
}

function readOutput(name: string, section: Section): OutputDeclaration {
  section.only(
    ['Value', 'Description', 'Export', 'Condition'],
    (member) => `Template format error: [${section.path}] Invalid template output property '${member}'`,
  );
  if (!Object.hasOwn(section.members, 'Value')) {
    throw section.error('Template format error: Every Outputs member must contain a Value object');
  }
  const description = section.findText('Description');
  if (description !== undefined && description.length > 1024) {
    throw section.error("Template format error: 'Description' length is greater than 1024.", 'Description');
  }
  const exported = section.findSection('Export');
  if (exported && (Object.keys(exported.members).length !== 1 || !Object.hasOwn(exported.members, 'Name'))) {
    throw exported.error(
      `Template format error: Output ${name} is malformed. Its Export must have a Name, and only that`,
    );
  }
  return {
    name,
    value: section.members.Value,
    description,
    exportName: exported?.members.Name,
    condition: readCondition(section),
    line: section.line,
  };
}

/** Reads `Mappings`: two levels of names, then a string, a number, a boolean or a list of them. */
export function readMappings(section: Section | undefined): Mappings {
  const mappings: Mappings = new Map();
  section?.atMost(200, 'mappings');
  for (const [name, mapping] of section?.named('Mapping') ?? []) {
    mapping.atMost(200, 'mapping attributes');
    const top = new Map<string, Map<string, unknown>>();
    for (const [key, members] of Object.entries(mapping.members)) {
      if (!isMap(members)) {
        throw mapping.error(
          `Template format error: [${mapping.path}/${key}] Every Mappings attribute must be a map.`,
          key,
        );
      }
      for (const [second, value] of Object.entries(members)) {
        if (!isMap(value)) continue;
        throw mapping.error(
          'Template format error: Every Mappings attribute must be a String or a List.',
          `${key}/${second}`,
        );
      }
      top.set(key, new Map(Object.entries(members)));
    }
    mappings.set(name, top);
  }
  return mappings;
}

/** As cfn-lint's schema of conditions has it. */
const CONDITION_NAME = /^[A-Za-z0-9&_]{1,255}$/;

/** Reads `Conditions`, each a map with one function. */
export function readConditions(section: Section | undefined): Map<string, unknown> {
  for (const [name, value] of Object.entries(section?.members ?? {})) {
    if (isMap(value)) continue;
    throw section?.error(
      'Template format error: Conditions can only be boolean operations on parameters and other conditions',
      name,
    );
  }
  return new Map(
    [...(section?.named('Condition', CONDITION_NAME) ?? [])].map(([name, { members }]) => [name, members]),
  );
}

/** Reads `Rules`. */
export function readRules(section: Section | undefined): Map<string, RuleDeclaration> {
  const rules = new Map<string, RuleDeclaration>();
  for (const [name, rule] of section?.named('Rule') ?? []) {
    rule.only(['RuleCondition', 'Assertions'], (member) => `Template format error: Invalid rule property '${member}'`);
    const { Assertions: assertions } = rule.members;
    if (!Array.isArray(assertions) || assertions.some((assertion) => !isMap(assertion) || !('Assert' in assertion))) {
      throw rule.error(`Template format error: Rule ${name} must contain Assertions, a list of objects with an Assert`);
    }
    rules.set(name, {
      name,
      condition: rule.members.RuleCondition,
      assertions: assertions.map(({ Assert, AssertDescription }) => ({
        assert: Assert,
        description: AssertDescription === undefined ? undefined : String(AssertDescription),
      })),
      line: rule.line,
    });
  }
  return rules;
}
