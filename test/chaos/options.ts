import { parseArgs } from 'node:util';
import type { History } from './history.ts';
import { isPlantName, type PlantName, plantNames } from './plants.ts';

export interface ChaosOptions {
  /** With real processes, sockets and kills, instead of a simulation. */
  wire: boolean;
  seed: number;
  /** The runs to play: from the first, without the last. */
  from: number;
  to: number;
  /** How many runs are played at the same time. */
  workers: number;
  plant?: PlantName;
  history?: History;
  /** The file that the rights are written to that roles have used. */
  rights?: string;
}

/** A run that is simulated keeps a core busy; one on the wire mostly waits. */
const usualWorkers = { simulation: 2, wire: 6 };

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function readOptions(args: string[]): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      wire: { type: 'boolean', default: false },
      runs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      run: { type: 'string' },
      history: { type: 'string' },
      workers: { type: 'string' },
      plant: { type: 'string' },
      rights: { type: 'string' },
    },
  });
  const { plant, rights, wire } = values;
  if (plant !== undefined && !isPlantName(plant)) {
    throw new Error(`Reading --plant: there is no bug called ${plant}. There are: ${plantNames.join(', ')}`);
  }
  const run = values.run === undefined ? undefined : wholeNumber('run', values.run);
  const from = run ?? 0;
  // One history is played once, unless it is to be tried how it may go.
  const to = run === undefined ? wholeNumber('runs', values.runs ?? (values.history ? '1' : '200')) : run + 1;
  const workers = values.workers ?? String(usualWorkers[wire ? 'wire' : 'simulation']);
  return {
    wire,
    seed: wholeNumber('seed', values.seed),
    from,
    to,
    workers: Math.min(Math.max(1, wholeNumber('workers', workers)), values.history && !wire ? 1 : to - from),
    plant,
    rights,
    ...(values.history && { history: readHistory(values.history) }),
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`Reading --${name}: ${text} is not a whole number`);
  return Number(text);
}

function readHistory(text: string): History {
  try {
    return JSON.parse(text) as History;
  } catch (cause) {
    throw new Error(`Reading --history: ${(cause as Error).message}. Give it as a failed run prints it`, { cause });
  }
}
