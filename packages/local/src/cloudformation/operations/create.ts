import type { CreateStackInput, Parameter } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { createStack } from '../engine/create-stack.ts';
import { makePlan, type Plan, parameterTexts } from '../engine/plan.ts';
import { start } from '../engine/run.ts';
import { setStackStatus } from '../events.ts';
import { stackArn } from '../names.ts';
import { rightsOf } from '../rights.ts';
import { findStack, type StackDefinition, type StackRecord, stacksOf } from '../stack.ts';
import { parseTemplate } from '../template/parse.ts';
import { type GivenTemplate, templateText } from '../template-source.ts';

/** What CreateStack, UpdateStack and CreateChangeSet all take to say what a stack shall be. */
export interface GivenDefinition extends GivenTemplate {
  Parameters?: Parameter[];
  Capabilities?: StackDefinition['capabilities'];
  Tags?: StackDefinition['tags'];
  NotificationARNs?: string[];
}

/** The definition that a call gives; what it leaves out, an update keeps. */
export async function definitionOf(
  call: Call,
  given: GivenDefinition,
  previous?: StackDefinition,
): Promise<StackDefinition> {
  const templateBody = await templateText(call, given, previous?.templateBody);
  const template = parseTemplate(templateBody);
  return {
    templateBody,
    parameters: parameterTexts(template, given.Parameters ?? [], previous?.parameters),
    capabilities: given.Capabilities ?? [],
    tags: given.Tags ?? previous?.tags ?? [],
    notificationArns: given.NotificationARNs ?? previous?.notificationArns ?? [],
    description: template.description,
  };
}

/** A stack that is not begun yet. */
export function newStack(call: Call, name: string, definition: StackDefinition): StackRecord {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    const text = `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`;
    throw new AwsError('ValidationError', text);
  }
  return {
    id: stackArn(call, name),
    name,
    status: 'CREATE_IN_PROGRESS',
    stable: false,
    created: call.clock.now(),
    definition,
    resolvedParameters: {},
    noEcho: [],
    principal: call.principal,
    onFailure: 'ROLLBACK',
    terminationProtection: false,
    resources: {},
    outputs: [],
    imports: [],
    cleanup: [],
  };
}

/** Keeps of a plan what is shown of a stack. */
export function describePlan(stack: StackRecord, { template, parameters }: Plan): void {
  const declared = [...template.parameters.values()];
  stack.noEcho = declared.filter(({ noEcho }) => noEcho).map(({ name }) => name);
  stack.resolvedParameters = Object.fromEntries(
    declared
      .filter(({ type }) => type.startsWith('AWS::SSM::Parameter::Value'))
      .map(({ name }) => [name, [parameters.get(name)].flat().join(',')]),
  );
}

export async function CreateStack(input: CreateStackInput, call: Call) {
  const name = input.StackName ?? '';
  const existing = findStack(call, name);
  if (existing) {
    const token = input.ClientRequestToken;
    if (token !== undefined && existing.clientRequestToken === token) return { StackId: existing.id };
    throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
  }
  if (input.OnFailure !== undefined && input.DisableRollback !== undefined) {
    throw new AwsError('ValidationError', 'Specify either DisableRollback or OnFailure, not both');
  }
  const definition = await definitionOf(call, input);
  const stack: StackRecord = {
    ...newStack(call, name, definition),
    onFailure: input.OnFailure ?? (input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK'),
    timeoutInMinutes: input.TimeoutInMinutes,
    terminationProtection: input.EnableTerminationProtection ?? false,
    roleArn: input.RoleARN,
    policy: input.StackPolicyBody,
    clientRequestToken: input.ClientRequestToken,
  };
  const { principal, plan } = await prepare(call, stack);
  // Another call may have made a stack of this name while this one was being checked.
  if (findStack(call, name)) throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
  stacksOf(call).set(stack.id, stack);
  begin(call, stack, principal, plan);
  return { StackId: stack.id, OperationId: stack.operations?.at(-1)?.OperationId };
}

/** Checks what a stack is to be, with the rights that it will have. */
export async function prepare(call: Call, stack: StackRecord, options: { isChangeSet?: boolean } = {}) {
  const principal = rightsOf(call, call.principal, stack.roleArn);
  const plan = await makePlan({ ...call, principal }, stack.definition, stack, options);
  stack.definition.processedBody = plan.processedBody;
  return { principal, plan };
}

/** Starts making a stack's resources. */
export function begin(call: Call, stack: StackRecord, principal: StackRecord['principal'], plan: Plan): void {
  describePlan(stack, plan);
  stack.principal = call.principal;
  setStackStatus(call, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
  start(call, stack, principal, (run) => createStack({ ...run, plan }));
}
