import { memoryOf, type Process, processes, treeOf } from './processes.ts';

/** What a step took. A member that the machine does not tell is undefined. */
export interface Usage {
  /** Seconds. */
  wall: number;
  /** Seconds. */
  cpu?: number;
  /** The most that all of its processes had in RAM at the same moment, in bytes. */
  memory?: number;
}

/** Measures the processes of steps by looking at them again and again. */
export class Meter {
  readonly #steps = new Map<string, Measured>();
  readonly #started = performance.now();
  readonly #look: () => Process[] | undefined;
  /** What the kernel has counted for steps that have ended. */
  #counted: number | undefined;
  #memory: number | undefined;

  constructor(look = processes) {
    this.#look = look;
    this.#counted = this.#cpuOfEnded();
  }

  /** Begins to measure a step; its process leads a group of its own. */
  begin(name: string, pid: number): void {
    this.#steps.set(name, { pid, started: performance.now(), cpu: new Map() });
  }

  /** Looks at all steps that run. */
  sample(): void {
    const all = this.#look();
    if (!all) return;
    let together = memoryOf(process.pid);
    for (const step of this.#steps.values()) {
      if (step.usage) continue;
      const tree = treeOf(step.pid, all);
      for (const { pid, cpu } of tree) step.cpu.set(pid, cpu);
      const memory = tree.reduce((sum, { pid }) => sum + memoryOf(pid), 0);
      step.memory = Math.max(step.memory ?? 0, memory);
      together += memory;
    }
    this.#memory = Math.max(this.#memory ?? 0, together);
  }

  /** To be called once the step's process has been waited for. */
  end(name: string): void {
    const step = this.#steps.get(name)!;
    const counted = this.#cpuOfEnded();
    // The kernel counts to the last tick, but not what outlived its parent; the samples have seen that.
    const seen = [...step.cpu.values()].reduce((sum, cpu) => sum + cpu, 0);
    const cpu = counted === undefined ? undefined : Math.max(counted - this.#counted!, seen);
    this.#counted = counted;
    step.usage = { wall: seconds(step.started), cpu, memory: step.memory };
  }

  /** Undefined of a step that has not ended. */
  usageOf(name: string): Usage | undefined {
    return this.#steps.get(name)?.usage;
  }

  /** Of all steps, those that ran concurrently and this process among them. */
  total(): Usage {
    const cpus = [...this.#steps.values()].map(({ usage }) => usage?.cpu);
    const cpu = cpus.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
    return { wall: seconds(this.#started), cpu, memory: this.#memory };
  }

  /** The CPU time of this process's children that have ended, and of theirs. */
  #cpuOfEnded(): number | undefined {
    return this.#look()?.find(({ pid }) => pid === process.pid)?.cpuOfChildren;
  }
}

interface Measured {
  pid: number;
  started: number;
  /** What each process had used when it was last seen. */
  cpu: Map<number, number>;
  memory?: number;
  usage?: Usage;
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}
