import { memoryOf, type Process, processes, treeOf } from './processes.ts';

/** The usage of a step. A member is undefined if the machine does not report it. */
export interface Usage {
  /** Seconds. */
  wall: number;
  /** Seconds. */
  cpu?: number;
  /** The peak of the resident memory of all its processes together, in bytes. */
  memory?: number;
}

/** Measures the processes of steps by sampling. */
export class Meter {
  readonly #steps = new Map<string, Measured>();
  readonly #started = performance.now();
  readonly #look: () => Process[] | undefined;
  /** The kernel's counts of steps that have ended. */
  #counted: number | undefined;
  #memory: number | undefined;

  constructor(look = processes) {
    this.#look = look;
    this.#counted = this.#cpuOfEnded();
  }

  /** Starts to measure a step, whose process leads a process group. */
  begin(name: string, pid: number): void {
    this.#steps.set(name, { pid, started: performance.now(), cpu: new Map() });
  }

  /** Samples all running steps. */
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

  /** Call it after the step's process has been waited for. */
  end(name: string): void {
    const step = this.#steps.get(name)!;
    const counted = this.#cpuOfEnded();
    // The kernel's count is exact, but misses processes that outlived their parent; the samples include those.
    const seen = [...step.cpu.values()].reduce((sum, cpu) => sum + cpu, 0);
    const cpu = counted === undefined ? undefined : Math.max(counted - this.#counted!, seen);
    this.#counted = counted;
    step.usage = { wall: seconds(step.started), cpu, memory: step.memory };
  }

  /** Undefined for a step that has not ended. */
  usageOf(name: string): Usage | undefined {
    return this.#steps.get(name)?.usage;
  }

  /** Of all steps, those that ran concurrently and this process among them. */
  total(): Usage {
    const cpus = [...this.#steps.values()].map(({ usage }) => usage?.cpu);
    const cpu = cpus.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
    return { wall: seconds(this.#started), cpu, memory: this.#memory };
  }

  /** The CPU time of this process's descendants that have ended. */
  #cpuOfEnded(): number | undefined {
    return this.#look()?.find(({ pid }) => pid === process.pid)?.cpuOfChildren;
  }
}

interface Measured {
  pid: number;
  started: number;
  /** The usage of each process at its last sample. */
  cpu: Map<number, number>;
  memory?: number;
  usage?: Usage;
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}
