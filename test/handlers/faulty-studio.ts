import type { AwsError } from '../../packages/local/src/errors.ts';
import type { Call, Service } from '../../packages/local/src/service.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import { kinds, type Noun } from './kinds.ts';

type What = 'create' | 'update' | 'delete';
type Operation = (input: unknown, call: Call) => Promise<object>;
type Task = (argument: { kind: string; key: string }, call: Call) => Promise<void>;

const verbs = { create: 'Create', update: 'Update', delete: 'Delete' };

/** The local cloud's SageMaker, which refuses calls and fails at what it has begun when a test says so. */
export interface FaultyStudio {
  readonly service: Service;
  /** Refuses the next such call. */
  refuse(what: What, error: AwsError): void;
  /**
   * Fails at what the next such call begins, and again when that is tried again, until `endFailures`: a handler that looks
   * in between may try again before the test has seen the failure.
   */
  fail(what: What, reason: string): void;
  /** Ends the failures. */
  endFailures(): void;
}

/** `noun` is the kind of thing in the names of the operations. */
export function faultyStudio(noun: Noun): FaultyStudio {
  const { table: kind, words, updated = noun } = kinds[noun];
  const refusals = new Map<What, AwsError>();
  const reasons = new Map<What, string>();
  /** The failure of the next thing of the kind that would leave its transitional status. */
  let next: { kind: string; key?: string; end: { Status: string; FailureReason: string } } | undefined;
  const operations = sagemaker.operations as unknown as Record<string, Operation>;
  const { settle, ...tasks } = sagemaker.tasks as unknown as Record<string, Task>;

  const operationOf = (what: What) => `${verbs[what]}${what === 'update' ? updated : noun}`;

  const faulty = (what: What): [string, Operation] => [
    operationOf(what),
    async (input, call) => {
      const refusal = refusals.get(what);
      refusals.delete(what);
      if (refusal) throw refusal;
      const output = await operations[operationOf(what)]!(input, call);
      const FailureReason = reasons.get(what);
      reasons.delete(what);
      if (FailureReason !== undefined) {
        const failing = what === 'update' ? kinds[updated].table : kind;
        next = { kind: failing, end: { Status: words.failed[what], FailureReason } };
      }
      return output;
    },
  ];
  const failing: Task = async (settling, call) => {
    if (next?.kind === settling.kind) next.key ??= settling.key;
    if (next?.kind !== settling.kind || next.key !== settling.key) return settle!(settling, call);
    Object.assign(call.table<{ shown: object }>(next.kind).get(settling.key)!.shown, next.end);
  };

  return {
    service: {
      ...sagemaker,
      operations: { ...operations, ...Object.fromEntries((['create', 'update', 'delete'] as const).map(faulty)) },
      tasks: { ...tasks, settle: failing },
    } as unknown as Service,
    refuse: (what, error) => refusals.set(what, error),
    fail: (what, reason) => reasons.set(what, reason),
    endFailures() {
      next = undefined;
    },
  };
}
