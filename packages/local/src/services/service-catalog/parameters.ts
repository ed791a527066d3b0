import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import type { ParameterDeclaration, Template } from '../../cloudformation/template/template.ts';

/** A template's parameters, as end users are shown them. */
export function templateParameters({ parameters, rules }: Template): ServiceCatalog.ProvisioningArtifactParameter[] {
  return [...parameters.values()].map((parameter) => ({
    ParameterKey: parameter.name,
    DefaultValue: parameter.default,
    ParameterType: parameter.type,
    IsNoEcho: parameter.noEcho,
    Description: parameter.description,
    ParameterConstraints: {
      AllowedValues: narrowed(parameter, rules),
      AllowedPattern: parameter.allowedPattern,
      ConstraintDescription: parameter.constraintDescription,
      MaxLength: text(parameter.maxLength),
      MinLength: text(parameter.minLength),
      MaxValue: text(parameter.maxValue),
      MinValue: text(parameter.minValue),
    },
  }));
}

/** Of the allowed values those that rules without a condition leave. */
function narrowed({ name, allowedValues }: ParameterDeclaration, rules: Template['rules']): string[] | undefined {
  const lists = [...rules.values()]
    .filter(({ condition }) => condition === undefined)
    .flatMap(({ assertions }) => assertions.flatMap(({ assert }) => listFor(name, assert) ?? []));
  return [...(allowedValues ? [allowedValues] : []), ...lists].reduce<string[] | undefined>(
    (left, list) => left?.filter((value) => list.includes(value)) ?? list,
    undefined,
  );
}

/** The list of `Fn::Contains: [[…], { Ref: name }]`, which asserts that the parameter has one of these values. */
function listFor(name: string, assertion: unknown): [string[]] | undefined {
  const [values, sought] = (assertion as { 'Fn::Contains'?: [unknown, { Ref?: string }] })['Fn::Contains'] ?? [];
  const isList = Array.isArray(values) && values.every((value) => typeof value !== 'object');
  return isList && sought?.Ref === name ? [values.map(String)] : undefined;
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
