import { wire } from '../wire.ts';
import { type Lambda, lambda } from './lambda.ts';
import type { Sent } from './ledger.ts';
import type { Duplicate, Plan, Step, Template } from './plan.ts';
import { ownerOf } from './service.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A physical resource, as CloudFormation knows it. */
interface Known {
  readonly id: string;
  readonly template: Template;
}

interface How {
  readonly old?: Template;
  readonly duplicates?: readonly Duplicate[];
  readonly inOtherEnvironment?: boolean;
  readonly atOnce?: boolean;
}

const StackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/5f1b2c30';
const LogicalResourceId = 'MyThing';
const bucket = 'https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com';
const token = 'arn:aws:lambda:eu-west-1:111122223333:function:Thing';

/**
 * Plays a plan with one resource of one stack, as CloudFormation does, and then deletes the stack in quiet. Gives what
 * was wrong, which should be nothing.
 */
export async function play(plan: Plan, time: VirtualTime, logged: () => string): Promise<readonly string[]> {
  const fn = lambda(plan, time, logged);
  const wires = wire(fn.reply);
  try {
    const stack = stackOf(plan, fn, time);
    for (const step of plan.steps) await time.until(stack.take(step));
    fn.endFaults();
    await time.until(stack.remove());
    await time.until(fn.rest());
    await time.drain();
    if (time.timers() > 0) fn.violations.push(`${time.timers()} timers are left`);
    return [...fn.violations, ...stack.orphans(), ...wires.escaped];
  } finally {
    wires.restore();
  }
}

function stackOf(plan: Plan, fn: Lambda, time: VirtualTime) {
  let current: Known | undefined;
  /** What CloudFormation still knows of, though it is no longer the resource. */
  const abandoned: Known[] = [];
  const sentIds: string[] = [];
  /** Once an answer is ignored or never comes, only the function's answer can name what it made. */
  let unheard = false;

  async function send(
    RequestType: Sent['RequestType'],
    { id, template }: { id?: string; template: Template },
    { old, duplicates = [], inOtherEnvironment, atOnce }: How = {},
  ) {
    // CloudFormation has other resources to see to first.
    if (!atOnce) await time.sleep(5_000);
    const RequestId = `request-${sentIds.length}`;
    sentIds.push(RequestId);
    const ServiceTimeout = plan.serviceTimeout;
    const declared = { ServiceToken: token, ...(ServiceTimeout ? { ServiceTimeout } : {}) };
    const sent: Sent = {
      RequestType,
      RequestId,
      StackId,
      LogicalResourceId,
      ResponseURL: `${bucket}/arn%3Aaws?X-Amz-Credential=AKID&X-Amz-Signature=5ecre7-${RequestId}`,
      ...(id === undefined ? {} : { PhysicalResourceId: id }),
      ...{ ServiceToken: token, ResourceType: 'Custom::Thing' },
      ResourceProperties: { ...template, ...declared },
      ...(old ? { OldResourceProperties: { ...old, ...declared } } : {}),
    };
    const answer = await fn.send(sent, duplicates, inOtherEnvironment);
    if (!answer) unheard = true;
    return answer;
  }

  async function destroy(known: Known, duplicates?: readonly Duplicate[]): Promise<boolean> {
    const answer = await send('Delete', known, { duplicates });
    return answer?.Status === 'SUCCESS';
  }

  async function cleanUp(known: Known): Promise<void> {
    if (!(await destroy(known))) abandoned.push(known);
  }

  async function create(template: Template, duplicates: readonly Duplicate[]): Promise<void> {
    const answer = await send('Create', { template }, { duplicates });
    const id = answer?.PhysicalResourceId ?? `studio-MyThing-${sentIds.length}INVENTED`;
    if (answer?.Status === 'SUCCESS') current = { id, template };
    else await cleanUp({ id, template });
  }

  async function update(now: Known, { template, ...how }: Extract<Step, { do: 'apply' }>): Promise<void> {
    const answer = await send('Update', { id: now.id, template }, { old: now.template, duplicates: how.duplicates });
    const next = { id: answer?.PhysicalResourceId ?? now.id, template };
    if (answer?.Status === 'SUCCESS' && !how.rollback) {
      current = next;
      if (next.id !== now.id) await cleanUp(now);
    } else if (next.id !== now.id && answer?.Status === 'FAILED' && !how.rollbackWithNewId) {
      await cleanUp(next);
    } else {
      await rollBack(now, next);
    }
  }

  /** The same properties the other way round, again if need be; what is then no longer the resource is cleaned up. */
  async function rollBack(now: Known, next: Known, attempts = 3): Promise<void> {
    const answer = await send('Update', { id: next.id, template: now.template }, { old: next.template });
    const isBack = answer?.Status === 'SUCCESS';
    if (!isBack && attempts > 1) {
      const tried = answer?.PhysicalResourceId ?? next.id;
      if (tried !== now.id && tried !== next.id) abandoned.push({ id: tried, template: now.template });
      return rollBack(now, next, attempts - 1);
    }
    const id = answer?.PhysicalResourceId ?? next.id;
    // Where the change was made by another resource, and that is what stays, its properties are the new ones.
    const isOther = next.id !== now.id && id === next.id;
    current = { id, template: isBack || !isOther ? now.template : next.template };
    for (const known of new Map([now, next].map((each) => [each.id, each])).values()) {
      // As long as the rollback has not succeeded, nothing that was there before may go.
      if (known.id !== id) await (isBack ? cleanUp(known) : abandoned.push(known));
    }
  }

  async function hurry(
    now: Known,
    { template, after, inOtherEnvironment }: Extract<Step, { do: 'hurry' }>,
  ): Promise<void> {
    const update = send('Update', { id: now.id, template }, { old: now.template });
    await time.sleep(5_000 + after);
    const answer = await send(
      'Update',
      { id: now.id, template: now.template },
      { old: template, inOtherEnvironment, atOnce: true },
    );
    current = { id: answer?.PhysicalResourceId ?? now.id, template: now.template };
    const tried = { id: (await update)?.PhysicalResourceId ?? now.id, template };
    for (const known of [now, tried]) if (known.id !== current.id) abandoned.push(known);
  }

  async function cancel({ template, after, inOtherEnvironment }: Extract<Step, { do: 'cancel' }>): Promise<void> {
    unheard = true;
    const creation = send('Create', { template });
    await time.sleep(5_000 + after);
    const id = `studio-MyThing-${sentIds.length}INVENTED`;
    const answer = await send('Delete', { id, template }, { inOtherEnvironment, atOnce: true });
    if (answer?.Status !== 'SUCCESS') abandoned.push({ id, template });
    await creation;
  }

  return {
    async take(step: Step): Promise<void> {
      if (step.do === 'apply') await (current ? update(current, step) : create(step.template, step.duplicates));
      else if (step.do === 'hurry') await (current ? hurry(current, step) : create(step.template, []));
      else if (step.do === 'cancel') await (current ? undefined : cancel(step));
      else if (current) {
        const deleted = current;
        if (await destroy(deleted, step.duplicates)) current = undefined;
        if (step.again) await destroy(deleted);
      }
    },
    async remove(): Promise<void> {
      for (const known of [...(current ? [current] : []), ...abandoned]) {
        // A deletion may have to wait for what is still under way, longer than the function may.
        for (let attempt = 1; attempt < 100 && !(await destroy(known)); attempt++) await time.sleep(300_000);
      }
    },
    /** What is left of what this resource made, though its stack is deleted. */
    orphans(): string[] {
      const answers = sentIds.flatMap((id) => fn.bodies(id)).map((body) => JSON.parse(body));
      const named = new Set(answers.map(({ PhysicalResourceId }) => PhysicalResourceId));
      return fn.service
        .things()
        .filter(({ owner }) => owner === ownerOf({ stackId: StackId, logicalResourceId: LogicalResourceId }))
        .filter(({ id, madeFor }) => !(unheard || fn.disagreed()) || !(named.has(id) || isUnsettled(named, madeFor)))
        .map(({ id, madeFor }) => `${id}, made for ${madeFor}, is left, and no answer names it`);
    },
  };
}

function isUnsettled(named: ReadonlySet<string>, requestId: string): boolean {
  return [...named].some((id) => id.startsWith(`studio-resources:create-unsettled:${requestId}`));
}
