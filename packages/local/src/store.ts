import { deserialize, serialize } from 'node:v8';

/** Something that a service does later: which task of which service, with what, and when (virtual milliseconds). */
export interface ScheduledTask {
  id: number;
  at: number;
  service: string;
  account: string;
  region: string;
  task: string;
  argument: unknown;
}

/** Where a table lives: `global` (S3's bucket names), an account (IAM), or an account in a Region (all else). */
export interface Scope {
  account: string;
  region: string;
}

interface Saved {
  now: number;
  tables: [string, Map<string, unknown>][];
  tasks: ScheduledTask[];
  counter: number;
}

/**
 * All state of the local cloud: tables of plain records, and what is still to happen. Records hold data only (no
 * functions, no class instances), so that the whole can be kept and brought back.
 */
export class Store {
  readonly #tables = new Map<string, Map<string, unknown>>();
  readonly tasks = new Map<number, ScheduledTask>();
  #counter = 0;

  /** The table of that name, made when first asked for. Iterates in order of insertion. */
  table<T>(service: string, scope: Scope, name: string): Map<string, T> {
    const key = `${service}/${scope.account}/${scope.region}/${name}`;
    let table = this.#tables.get(key);
    if (!table) {
      table = new Map();
      this.#tables.set(key, table);
    }
    return table as Map<string, T>;
  }

  /** Every table, with the service, account and Region that it belongs to. */
  *tables(): Generator<{
    service: string;
    account: string;
    region: string;
    name: string;
    table: Map<string, unknown>;
  }> {
    for (const [key, table] of this.#tables) {
      const [service, account, region, name] = key.split('/') as [string, string, string, string];
      yield { service, account, region, name, table };
    }
  }

  /** A number that this store has not given before. Everything that looks random is made from it, so runs repeat. */
  next(): number {
    this.#counter += 1;
    return this.#counter;
  }

  /** The whole state at virtual time `now`, to be given to `load`. */
  save(now: number): Buffer {
    const saved: Saved = { now, tables: [...this.#tables], tasks: [...this.tasks.values()], counter: this.#counter };
    return serialize(saved);
  }

  /** Brings back what `save` made; returns the virtual time at which it was made. */
  load(bytes: Uint8Array): number {
    const saved = deserialize(bytes) as Saved;
    for (const [key, table] of saved.tables) this.#tables.set(key, table);
    for (const task of saved.tasks) this.tasks.set(task.id, task);
    this.#counter = saved.counter;
    return saved.now;
  }
}
