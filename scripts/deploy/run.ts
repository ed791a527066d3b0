import { randomUUID } from 'node:crypto';
import { ExecuteChangeSetCommand, type Stack, type StackEvent } from '@aws-sdk/client-cloudformation';
import type { Clients } from '../start/clients.ts';
import { allEvents, findStack, follow, type Pause } from '../start/stack.ts';
import type { View } from '../start/view.ts';
import { type Analysis, analyse } from './analysis.ts';
import { type ChangeSet, createChangeSet, discard } from './change-set.ts';
import type { Capability, DeployOptions } from './options.ts';
import { type Ask, parametersOf } from './parameters.ts';
import { reasonOf, requestLog, rollbackReason, rootCauseOf } from './root-cause.ts';
import { templateSource } from './source.ts';
import { readTemplateFile, refuseUnknownParameters, validateTemplate } from './template.ts';

/** What a deployment uses. */
export interface Dependencies {
  clients: Pick<Clients, 'cloudformation' | 'logs' | 's3'>;
  view: View;
  ask: Ask;
  /** Between two looks at what goes on; rejects once the signal is aborted. */
  pause: (interrupted?: AbortSignal) => ReturnType<Pause>;
  /** From this call on, Ctrl-C aborts the signal, and does not end the process. */
  interruption: () => AbortSignal;
  /** The changes as the user sees them. */
  show: (analysis: Analysis) => string[];
}

/**
 * Deploys a template as a stack: validates it, shows what will change, asks, follows the operation, and says why it failed.
 * Returns the exit code: 0 where the stack is as the template says, else 1.
 *
 * @throws Error that says what is wrong, before anything is changed
 */
export async function deploy(options: DeployOptions, using: Dependencies): Promise<number> {
  const { clients, view, ask, pause } = using;
  const { cloudformation } = clients;
  const { file, stack } = options;
  if (!ask && !options.yes) {
    throw new Error(`Deploying ${stack}: there is no terminal to ask at. Add --yes to deploy without asking`);
  }
  const body = await readTemplateFile(file, 'the template FILE');
  const source = await templateSource(clients.s3, { file, body, bucket: options.bucket });
  const { Parameters: declared = [], ...summary } = await validateTemplate(cloudformation, file, source);
  refuseUnknownParameters(file, declared, options.parameters);
  const needed = (summary.Capabilities ?? []) as Capability[];
  const capabilities = capabilitiesOf(options, needed, summary.CapabilitiesReason);
  const existing = await updatableStack(using, stack);
  const given = options.parameters;
  const parameters = await parametersOf(file, declared, { given, existing, ask });

  const changeSet = await createChangeSet(
    cloudformation,
    {
      StackName: stack,
      ChangeSetName: `deploy-${randomUUID()}`,
      ChangeSetType: existing ? 'UPDATE' : 'CREATE',
      ...source,
      Parameters: parameters,
      Capabilities: capabilities,
    },
    pause,
  );
  if (!changeSet) {
    view.say(`${stack} has no changes.`);
    return 0;
  }
  const analysis = await analyse(cloudformation, changeSet, existing);
  view.say(
    `${existing ? 'Changes to' : 'New stack'} ${stack} (${changeSet.stackId.split(':').slice(3, 5).join(', account ')})`,
  );
  for (const line of using.show(analysis)) view.say(line);
  if (capabilities.length > 0)
    view.say(`It needs ${capabilities.join(', ')}. ${summary.CapabilitiesReason ?? ''}`.trim());
  if (!(await isAgreed(options, using, analysis))) {
    await discard(cloudformation, changeSet);
    view.say('Nothing has been changed.');
    return 1;
  }
  return execute(using, changeSet, analysis, stack);
}

/** Whether no handler refuses its change, and the user agrees. */
async function isAgreed({ yes }: DeployOptions, { ask, view }: Dependencies, { changes }: Analysis): Promise<boolean> {
  const refused = changes.filter(({ effect }) => (effect?.refused.length ?? 0) > 0);
  if (refused.length > 0) {
    view.say(
      `Refused: ${refused.map(({ LogicalResourceId }) => LogicalResourceId).join(', ')}. Mend the template first.`,
    );
    return false;
  }
  if (yes) return true;
  const answer = await ask!('Deploy these changes? [y/N] ').catch(() => 'no');
  return /^y(es)?$/i.test(answer.trim());
}

/** What the user grants; if nothing is said, what the template needs, which the user sees before agreeing. */
function capabilitiesOf({ file, capabilities }: DeployOptions, needed: Capability[], reason = ''): Capability[] {
  if (!capabilities) return needed;
  const isGranted = (one: Capability) =>
    capabilities.includes(one) || (one === 'CAPABILITY_IAM' && capabilities.includes('CAPABILITY_NAMED_IAM'));
  const missing = needed.filter((one) => !isGranted(one));
  if (missing.length === 0) return capabilities;
  throw new Error(`Reading --capabilities: ${file} needs ${missing.join(', ')} as well. ${reason}`.trim());
}

/** Statuses in which CloudFormation updates no stack, and what to do. NAME stands for the stack's. */
const stuck: Record<string, string> = {
  ROLLBACK_COMPLETE:
    'its creation has failed, and CloudFormation updates no such stack. Delete it, and run the same command again: aws cloudformation delete-stack --stack-name NAME',
  ROLLBACK_FAILED:
    'its creation has failed, and what it created could not be deleted. See its events, and delete it: aws cloudformation delete-stack --stack-name NAME',
  DELETE_FAILED:
    'its deletion has failed. See its events, mend the cause, and delete it again: aws cloudformation delete-stack --stack-name NAME',
  UPDATE_ROLLBACK_FAILED:
    'an update and its rollback have failed. See its events, mend the cause, and go on with: aws cloudformation continue-update-rollback --stack-name NAME',
};

/** The stack that is to be updated; undefined where it has to be created, also where it was only ever reviewed. */
async function updatableStack({ clients }: Dependencies, name: string): Promise<Stack | undefined> {
  const found = await findStack(clients.cloudformation, name);
  const status = found?.StackStatus ?? '';
  if (!found || status === 'REVIEW_IN_PROGRESS') return undefined;
  const cure = stuck[status]?.replace('NAME', name);
  if (cure) throw new Error(`Deploying ${name}: it is ${status}: ${cure}`);
  if (status.endsWith('_IN_PROGRESS')) {
    throw new Error(`Deploying ${name}: it is ${status}. Wait until that has ended, and run the same command again`);
  }
  return found;
}

async function execute(using: Dependencies, changeSet: ChangeSet, analysis: Analysis, name: string): Promise<number> {
  const { clients, view } = using;
  const { id, stackId, type } = changeSet;
  const interrupted = using.interruption();
  const pause = () => using.pause(interrupted);
  const client = clients.cloudformation;
  const seen = new Set((await allEvents(client, stackId)).map(({ EventId }) => EventId!));
  try {
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: id }));
  } catch (cause) {
    throw new Error(
      `Executing the change set of ${name}: ${(cause as Error).message}. If something else has changed the stack since, run the same command again`,
      { cause },
    );
  }
  try {
    return await followed(using, changeSet, analysis, { name, seen, pause });
  } catch (error) {
    if (!interrupted.aborted) throw error;
    const stop = type === 'CREATE' ? 'delete-stack' : 'cancel-update-stack';
    view.say();
    view.say(
      `Interrupted. CloudFormation goes on with ${name}. Its events: aws cloudformation describe-stack-events --stack-name ${name}. To stop it: aws cloudformation ${stop} --stack-name ${name}`,
    );
    return 1;
  }
}

/** Follows what the change set does, to its end. */
async function followed(
  using: Dependencies,
  { stackId, type }: ChangeSet,
  analysis: Analysis,
  { name, seen, pause }: { name: string; seen: Set<string>; pause: Pause },
): Promise<number> {
  const { clients, view } = using;
  const client = clients.cloudformation;
  // Until the first event, the stack may still show the status before.
  const begun = async () => (await allEvents(client, stackId)).findLast(({ EventId }) => !seen.has(EventId!));
  let first = await begun();
  for (; !first; first = await begun()) await pause();
  const title = `${type === 'CREATE' ? 'Creating' : 'Updating'} ${name}`;
  const { stack, succeeded, failures } = await follow(client, view, { id: stackId, title, seen, pause });
  if (succeeded) {
    view.say(`${name} is ${stack.StackStatus}.`);
    for (const { OutputKey, OutputValue } of stack.Outputs ?? []) view.say(`  ${OutputKey}: ${OutputValue}`);
    return 0;
  }
  view.say(`${name} is ${stack.StackStatus}.`);
  await explain(using, { stack, failures, since: first.Timestamp!, analysis });
  if (stack.StackStatus === 'ROLLBACK_COMPLETE') {
    view.say(`Before the next attempt, delete it: aws cloudformation delete-stack --stack-name ${name}`);
  }
  return 1;
}

/** Says why an operation failed: its first failure alone, with what the function has logged of that request. */
async function explain(
  { clients, view }: Dependencies,
  { stack, failures, since, analysis }: { stack: Stack; failures: StackEvent[]; since: Date; analysis: Analysis },
): Promise<void> {
  const event = await rootCauseOf(clients.cloudformation, failures);
  if (!event) {
    view.say(await rollbackReason(clients.cloudformation, stack, since));
    return;
  }
  const { LogicalResourceId: id = '', ResourceType, StackId } = event;
  const inside = StackId === stack.StackId ? '' : ` of the nested stack ${event.StackName}`;
  view.say(`${id} (${ResourceType})${inside}: ${reasonOf(event).text}`);
  const functionArn = StackId === stack.StackId ? analysis.functions.get(id) : undefined;
  if (functionArn === undefined) return;
  try {
    const lines = await requestLog(clients.logs, { functionArn, event, since });
    if (lines.length > 0) view.say(`The log of ${functionArn.split(':')[6]} for this request:`);
    for (const line of lines) view.say(`  ${line}`);
  } catch (error) {
    view.say(`The log of ${functionArn.split(':')[6]} cannot be read: ${(error as Error).message}`);
  }
}
