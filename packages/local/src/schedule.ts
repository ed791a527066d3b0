import type { Clock } from './clock.ts';
import type { ScheduledTask, Store } from './store.ts';

/**
 * Plays the store's tasks when their time comes: in order of time, and of those for the same time, the one that was
 * scheduled first. A task leaves the store as it starts, so that one that fails is not played again.
 */
export class Schedule {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #play: (task: ScheduledTask) => void;
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm = () => {};

  constructor(clock: Clock, store: Store, play: (task: ScheduledTask) => void) {
    this.#clock = clock;
    this.#store = store;
    this.#play = play;
    this.#arm();
  }

  add(task: Omit<ScheduledTask, 'id'>): void {
    const id = this.#store.next();
    this.#store.tasks.set(id, { ...task, id });
    if (task.at < this.#armedFor) this.#arm();
  }

  stop(): void {
    this.#disarm();
  }

  #arm(): void {
    this.#disarm();
    this.#armedFor = Math.min(Number.POSITIVE_INFINITY, ...[...this.#store.tasks.values()].map(({ at }) => at));
    if (this.#armedFor === Number.POSITIVE_INFINITY) return;
    this.#disarm = this.#clock.after(this.#armedFor - this.#clock.now(), () => this.#playDue(this.#armedFor));
  }

  #playDue(until: number): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    const due = [...this.#store.tasks.values()].filter(({ at }) => at <= until);
    for (const task of due.sort((a, b) => a.at - b.at || a.id - b.id)) {
      this.#store.tasks.delete(task.id);
      this.#play(task);
    }
    this.#arm();
  }
}
