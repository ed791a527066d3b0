import { AsyncLocalStorage } from 'node:async_hooks';
import { type Handler, serve } from '@studio-resources/core';
import { lambda as invocation } from '../event.ts';
import type { Reply, WireRequest } from '../wire.ts';
import { type Answer, faultsOfAnswer, type Sent } from './ledger.ts';
import type { Duplicate, Move, Plan } from './plan.ts';
import { type Service, service } from './service.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Lambda's function with its two environments, and the bucket that its answers go to. */
export interface Lambda {
  readonly service: Service;
  /**
   * Invokes the function asynchronously, as Lambda does: with two more attempts when it throws. Gives the answer that
   * CloudFormation took, if it took one.
   */
  send(sent: Sent, duplicates: readonly Duplicate[], inOtherEnvironment?: boolean): Promise<Answer | undefined>;
  /** Waits for the deliveries that are still to come. */
  rest(): Promise<void>;
  /** The bodies of a request that were put, whatever the bucket did with them. */
  bodies(requestId: string): readonly string[];
  /** Takes the bucket's answers from now on. */
  endFaults(): void;
  reply(request: WireRequest): Reply;
  readonly violations: string[];
  /** Whether two environments that worked on one request answered it differently: CloudFormation hears only one. */
  disagreed(): boolean;
}

interface Environment {
  readonly name: string;
  readonly handler: Handler;
}

/** One request, with what became of it. */
interface Entry {
  readonly sent: Sent;
  readonly bodies: Map<string, Set<string>>;
  accepted?: Answer;
  final: boolean;
  rejections: number;
}

export function lambda(plan: Plan, time: VirtualTime, logged: () => string): Lambda {
  const running = new AsyncLocalStorage<{ entry: Entry; environment: Environment }>();
  const entries = new Map<string, Entry>();
  const violations: string[] = [];
  const late: Promise<unknown>[] = [];
  const moves = [...plan.moves];
  const things = service(plan, time, (call) => {
    const now = running.getStore();
    if (now?.entry.bodies.has(now.environment.name)) {
      violations.push(`${now.entry.sent.RequestType} ${now.entry.sent.RequestId}: ${call} was called after the answer`);
    }
    const isDeleting = now?.entry.sent.RequestType === 'Delete';
    return { environment: now?.environment.name ?? 'nowhere', isDeleting };
  });
  const environments = ['first', 'second'].map((name) => ({ name, handler: serve(things.resource) }));
  const environmentOf = (inOtherEnvironment: boolean) => environments[inOtherEnvironment && plan.named ? 1 : 0]!;

  async function invoke(entry: Entry, environment: Environment, attempts: number): Promise<void> {
    const deadline = time.now() + plan.timeout;
    const context = { ...invocation(), getRemainingTimeInMillis: () => deadline - time.now() };
    const failed = await running
      .run({ entry, environment }, () => environment.handler(entry.sent, context))
      .then(
        () => false,
        () => true,
      );
    if (time.now() > deadline) violations.push(`${entry.sent.RequestId}: the function was killed at its timeout`);
    if (/5ecre7|hunter2|swordfish/.test(logged())) violations.push(`${entry.sent.RequestId}: the log has a secret`);
    if (!failed) return;
    entry.rejections++;
    if (attempts === 1) return;
    await time.sleep(60_000 * (4 - attempts));
    await invoke(entry, environment, attempts - 1);
  }

  async function again(entry: Entry, { after, inOtherEnvironment }: Duplicate): Promise<void> {
    await time.sleep(after);
    await invoke(entry, environmentOf(inOtherEnvironment), 1);
  }

  return {
    service: things,
    violations,
    async send(sent, duplicates, inOtherEnvironment = false) {
      const entry: Entry = { sent, bodies: new Map(), final: false, rejections: 0 };
      entries.set(sent.ResponseURL, entry);
      // What another environment begins before the answer ends before the next request: nothing else orders the two.
      const alsoInOther = duplicates.filter((each) => each.inOtherEnvironment && plan.named && each.after < 10);
      late.push(
        ...duplicates.filter((each) => !each.inOtherEnvironment || !plan.named).map((each) => again(entry, each)),
      );
      await Promise.all([
        invoke(entry, environmentOf(inOtherEnvironment), 3),
        ...alsoInOther.map((each) => again(entry, each)),
      ]);
      if (!entry.accepted && !entry.final && entry.rejections < 3) {
        violations.push(`${sent.RequestType} ${sent.RequestId}: it was not answered`);
      }
      return entry.accepted;
    },
    async rest() {
      await Promise.all(late);
      for (const { sent, bodies } of entries.values()) {
        for (const [name, different] of bodies) {
          if (different.size > 1) violations.push(`${sent.RequestId}: ${different.size} answers from ${name}`);
        }
        const statuses = new Set(
          [...bodies.values()].flatMap((each) => [...each]).map((body) => JSON.parse(body).Status),
        );
        const isQuiet = plan.faults.length + plan.failures.length === 0;
        if (isQuiet && statuses.size > 1) violations.push(`${sent.RequestId}: SUCCESS and FAILED`);
      }
    },
    bodies: (requestId) =>
      [...entries.values()]
        .filter(({ sent }) => sent.RequestId === requestId)
        .flatMap(({ bodies }) => [...bodies.values()].flatMap((each) => [...each])),
    disagreed: () =>
      [...entries.values()].some(({ bodies }) => new Set([...bodies.values()].flatMap((each) => [...each])).size > 1),
    endFaults() {
      moves.length = 0;
      things.endFaults();
    },
    reply(request) {
      const entry = entries.get(request.origin + request.path);
      const environment = running.getStore()?.environment;
      if (!entry || !environment) {
        violations.push(`A response to an unknown request: ${request.origin}${request.path}`);
        return { status: 404 };
      }
      violations.push(...faultsOfAnswer(entry.sent, request, things, environment.name));
      const bodies = entry.bodies.get(environment.name) ?? new Set();
      entry.bodies.set(environment.name, bodies.add(String(request.body)));
      const move = moves.shift() ?? 200;
      if (move === 200 || String(move).endsWith('After')) entry.accepted ??= JSON.parse(String(request.body));
      if (move === 403) entry.final = true;
      return replyOf(move);
    },
  };
}

function replyOf(move: Move): Reply {
  if (typeof move === 'number') return { status: move };
  if (move === '500After') return { status: 500 };
  return move.startsWith('reset') ? 'reset' : 'silence';
}
