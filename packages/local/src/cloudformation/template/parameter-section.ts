import { findParameterType } from './parameter-types.ts';
import type { Section } from './section.ts';
import type { ParameterDeclaration } from './template.ts';

const PROPERTIES = [
  ...['Type', 'Default', 'AllowedValues', 'AllowedPattern', 'MinLength', 'MaxLength', 'MinValue', 'MaxValue'],
  ...['NoEcho', 'Description', 'ConstraintDescription'],
];

/** Reads `Parameters`. */
export function readParameters(section: Section | undefined): Map<string, ParameterDeclaration> {
  const parameters = new Map<string, ParameterDeclaration>();
  section?.atMost(200, 'parameters');
  for (const [name, declaration] of section?.named('Parameter') ?? []) {
    parameters.set(name, readParameter(name, declaration));
  }
  return parameters;
}

function readParameter(name: string, section: Section): ParameterDeclaration {
  section.only(PROPERTIES, (member) => `Invalid template parameter property '${member}'`);
  const type = section.findText('Type');
  if (type === undefined)
    throw section.error('Template format error: Every Parameters object must contain a Type member.');
  const meaning = findParameterType(type);
  if (!meaning) throw section.error(`Template format error: Unrecognized parameter type: ${type}`, 'Type');
  const number = meaning.element === 'Number';
  return {
    name,
    type,
    default: readDefault(section),
    allowedValues: readAllowedValues(section),
    allowedPattern: readPattern(name, section),
    minLength: readBound(name, section, 'MinLength', !number, 'String'),
    maxLength: readBound(name, section, 'MaxLength', !number, 'String'),
    minValue: readBound(name, section, 'MinValue', number, 'Number'),
    maxValue: readBound(name, section, 'MaxValue', number, 'Number'),
    noEcho: section.findText('NoEcho')?.toLowerCase() === 'true',
    description: readLongText(section, 'Description'),
    constraintDescription: readLongText(section, 'ConstraintDescription'),
    line: section.line,
  };
}

function readDefault(section: Section): string | undefined {
  const value = section.members.Default;
  if (typeof value === 'object') {
    throw section.error('Template format error: Every Default member must be a string.', 'Default');
  }
  return section.findText('Default');
}

function readAllowedValues(section: Section): string[] | undefined {
  const values = section.members.AllowedValues;
  if (values === undefined) return undefined;
  if (!Array.isArray(values) || values.some((value) => typeof value === 'object')) {
    throw section.error('Template format error: Every AllowedValues value must be a string.', 'AllowedValues');
  }
  return values.map(String);
}

function readPattern(name: string, section: Section): string | undefined {
  const pattern = section.findText('AllowedPattern');
  if (pattern === undefined) return undefined;
  try {
    new RegExp(pattern);
    return pattern;
  } catch {
    throw section.error(
      `Template format error: Parameter '${name}' AllowedPattern must be a valid regular expression.`,
      'AllowedPattern',
    );
  }
}

function readBound(name: string, section: Section, bound: string, allowed: boolean, kind: string): number | undefined {
  const text = section.findText(bound);
  if (text === undefined) return undefined;
  if (!allowed) {
    throw section.error(`Template error: Parameter '${name}' ${bound} must be on a parameter of type ${kind}`, bound);
  }
  if (text.trim() === '' || !Number.isFinite(Number(text))) {
    throw section.error(`Template format error: Parameter '${name}' ${bound} must be a number.`, bound);
  }
  return Number(text);
}

function readLongText(section: Section, name: string): string | undefined {
  const text = section.findText(name);
  if (text !== undefined && text.length > 4000) {
    throw section.error(`Template format error: ${name} must be no longer than 4000 characters.`, name);
  }
  return text;
}
