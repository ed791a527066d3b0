/** An error as an SDK client throws it. */
export function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: {}, $fault: 'client' });
}

/** One thing of a fake service: its members as Describe* gives them, and what becomes of its status. */
export interface FakeThing {
  members: Record<string, unknown> & { Status: string; FailureReason?: string };
  /** After so many looks, the thing has the next status, or is gone. */
  next?: Turn;
  /** For so many looks after it was made, the service does not know it. */
  unseen?: number;
}

export interface Turn {
  looks: number;
  status: string | 'gone';
  reason?: string;
}

/** A fake service's things by key. Time passes with each look at a thing. */
export class FakeThings extends Map<string, FakeThing> {
  /** The thing, after time has passed for it; undefined once it is gone. */
  look(key: string): FakeThing | undefined {
    const thing = this.get(key);
    if (thing?.unseen) {
      thing.unseen -= 1;
      return undefined;
    }
    if (!thing?.next) return thing;
    const { looks, status, reason } = thing.next;
    if (looks > 0) {
      thing.next.looks -= 1;
      return thing;
    }
    thing.next = undefined;
    if (status === 'gone') {
      this.delete(key);
      return undefined;
    }
    thing.members.Status = status;
    thing.members.FailureReason = reason;
    return thing;
  }

  /** The thing, after a look, or the service's error. */
  need(key: string, what: string): FakeThing {
    const thing = this.look(key);
    if (!thing) throw awsError('ResourceNotFound', `${what} [${key}] does not exist.`);
    return thing;
  }

  /** All of them, after a look at each. */
  lookAtAll(): FakeThing[] {
    return [...this.keys()].flatMap((key) => this.look(key) ?? []);
  }
}

/** Merges settings as SageMaker does: structures by member, lists as a whole; `None` clears. */
export function merge(held: Record<string, unknown>, sent: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...held };
  for (const [name, value] of Object.entries(sent)) {
    if (value === undefined) continue;
    if (value === 'None') delete merged[name];
    else if (isStructure(value)) merged[name] = merge(isStructure(merged[name]) ? merged[name] : {}, value);
    else merged[name] = value;
  }
  return merged;
}

/** A page of two, so that whoever reads one page only is found out. */
export function page<T>(items: T[], token: string | undefined): { items: T[]; next?: string } {
  const from = Number(token ?? 0);
  return { items: items.slice(from, from + 2), next: from + 2 < items.length ? String(from + 2) : undefined };
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
