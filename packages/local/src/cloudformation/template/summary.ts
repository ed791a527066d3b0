import type { GetTemplateSummaryOutput, ValidateTemplateOutput } from '@aws-sdk/client-cloudformation';
import type { ParameterDeclaration, Template } from './template.ts';

/** What ValidateTemplate answers. */
export function validation(template: Template): ValidateTemplateOutput {
  return {
    Description: template.description,
    Parameters: [...template.parameters.values()].map(parameterSummary),
    Capabilities: template.capabilities as ValidateTemplateOutput['Capabilities'],
    CapabilitiesReason: template.capabilitiesReason,
    DeclaredTransforms: template.transforms,
  };
}

/** What GetTemplateSummary answers. */
export function summary(template: Template): GetTemplateSummaryOutput {
  const resources = [...template.resources.values()];
  return {
    Version: template.version,
    Description: template.description,
    Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
    Parameters: [...template.parameters.values()].map((parameter) => ({
      ...parameterSummary(parameter),
      ParameterType: parameter.type,
      ParameterConstraints: { AllowedValues: parameter.allowedValues },
    })),
    ResourceTypes: [...new Set(resources.map(({ type }) => type))],
    Capabilities: template.capabilities as GetTemplateSummaryOutput['Capabilities'],
    CapabilitiesReason: template.capabilitiesReason,
    DeclaredTransforms: template.transforms,
  };
}

function parameterSummary(parameter: ParameterDeclaration) {
  return {
    ParameterKey: parameter.name,
    DefaultValue: parameter.default,
    NoEcho: parameter.noEcho,
    Description: parameter.description,
  };
}
