import type * as SFN from '@aws-sdk/client-sfn';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { asIn, document, flag, list, mapOf, number, optional, required, struct, tags, text } from './property.ts';
import { pollUntil, serviceClient, undefinedIfNotFound } from './service-client.ts';

const stepFunctions = (context: ResourceContext) => serviceClient<typeof SFN>(context, 'sfn');

const logging = struct({
  Destinations: optional(list(struct({ CloudWatchLogsLogGroup: optional(struct({ LogGroupArn: optional(text) })) }))),
  IncludeExecutionData: optional(flag),
  Level: optional(text),
});

const encryption = struct({
  KmsDataKeyReusePeriodSeconds: optional(number),
  KmsKeyId: optional(text),
  Type: required(text),
});

const stateMachine = nativeType({
  type: 'AWS::StepFunctions::StateMachine',
  properties: {
    Definition: optional(asIn<Record<string, unknown>>()),
    DefinitionString: optional(document),
    DefinitionSubstitutions: optional(mapOf(text)),
    EncryptionConfiguration: optional(encryption),
    LoggingConfiguration: optional(logging),
    RoleArn: required(text),
    StateMachineName: optional(text, 'replaces'),
    StateMachineType: optional(text, 'replaces'),
    Tags: optional(tags),
    TracingConfiguration: optional(struct({ Enabled: optional(flag) })),
  },
  async create({ StateMachineName, StateMachineType, Tags = [], ...values }, context) {
    const name = StateMachineName ?? context.inventName(80);
    const { stateMachineArn } = await stepFunctions(context)('CreateStateMachine', {
      ...settingsOf(values),
      name,
      type: StateMachineType as SFN.StateMachineType | undefined,
      tags: Tags.length > 0 ? tagList(Tags) : undefined,
    });
    return machineResource(stateMachineArn!, name);
  },
  async update({ physicalId, values, old, changed }, context) {
    const sfn = stepFunctions(context);
    const { StateMachineName: _, StateMachineType: __, Tags, ...settings } = values;
    if ([...changed].some((name) => name !== 'Tags')) {
      await sfn('UpdateStateMachine', { stateMachineArn: physicalId, ...withDefaults(settingsOf(settings)) });
    }
    const { set, gone } = tagChanges(Tags, old.Tags);
    if (gone.length > 0) await sfn('UntagResource', { resourceArn: physicalId, tagKeys: gone });
    if (set.length > 0) await sfn('TagResource', { resourceArn: physicalId, tags: tagList(set) });
    return machineResource(physicalId, nameIn(physicalId));
  },
  async delete(stateMachineArn, _, context) {
    const sfn = stepFunctions(context);
    await sfn('DeleteStateMachine', { stateMachineArn });
    // It is deleted with its last execution.
    await pollUntil(context, 5, async () => {
      const present = await undefinedIfNotFound(sfn('DescribeStateMachine', { stateMachineArn }));
      return present ? undefined : true;
    });
  },
});

interface Settings {
  Definition?: Record<string, unknown>;
  DefinitionString?: string;
  DefinitionSubstitutions?: Record<string, string>;
  EncryptionConfiguration?: ReturnType<typeof encryption>;
  LoggingConfiguration?: ReturnType<typeof logging>;
  RoleArn: string;
  TracingConfiguration?: { Enabled?: boolean };
}

/** The API's own spelling of what the template says. */
function settingsOf(values: Settings) {
  const { EncryptionConfiguration: key, LoggingConfiguration: log, TracingConfiguration: tracing } = values;
  return {
    definition: definitionOf(values),
    roleArn: values.RoleArn,
    encryptionConfiguration: key && {
      kmsDataKeyReusePeriodSeconds: key.KmsDataKeyReusePeriodSeconds,
      kmsKeyId: key.KmsKeyId,
      type: key.Type as SFN.EncryptionType,
    },
    loggingConfiguration: log && {
      destinations: log.Destinations?.map(({ CloudWatchLogsLogGroup: group }) => ({
        cloudWatchLogsLogGroup: { logGroupArn: group?.LogGroupArn },
      })),
      includeExecutionData: log.IncludeExecutionData,
      level: log.Level as SFN.LogLevel | undefined,
    },
    tracingConfiguration: tracing && { enabled: tracing.Enabled },
  };
}

/** What is taken out of the template goes back to what it was without. */
function withDefaults(settings: ReturnType<typeof settingsOf>) {
  return {
    ...settings,
    encryptionConfiguration: settings.encryptionConfiguration ?? { type: 'AWS_OWNED_KEY' as const },
    loggingConfiguration: settings.loggingConfiguration ?? { level: 'OFF' as const, includeExecutionData: false },
    tracingConfiguration: settings.tracingConfiguration ?? { enabled: false },
  };
}

/** The definition as JSON, with each `${name}` that has a substitution replaced. */
function definitionOf({ Definition, DefinitionString, DefinitionSubstitutions = {} }: Settings): string {
  if ((Definition === undefined) === (DefinitionString === undefined)) {
    throw new ResourceFailure('Exactly one of Definition and DefinitionString must be specified');
  }
  const definition = DefinitionString ?? JSON.stringify(Definition);
  return definition.replace(/\$\{([\w-]+)\}/g, (whole, name: string) =>
    Object.hasOwn(DefinitionSubstitutions, name) ? DefinitionSubstitutions[name]! : whole,
  );
}

function tagList(list: readonly { Key: string; Value: string }[]): SFN.Tag[] {
  return list.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

function machineResource(arn: string, name: string) {
  return { physicalId: arn, attributes: { Arn: arn, Name: name } };
}

export const stateMachineTypes = [stateMachine];
