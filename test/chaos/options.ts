import { parseArgs } from 'node:util';
import type { History } from './history.ts';
import { isPlantName, type PlantName, plantNames } from './plants.ts';

export interface ChaosOptions {
  seed: number;
  /** The runs to play: from the first, without the last. */
  from: number;
  to: number;
  workers: number;
  plant?: PlantName;
  history?: History;
}

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function readOptions(args: string[]): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      run: { type: 'string' },
      history: { type: 'string' },
      workers: { type: 'string', default: '2' },
      plant: { type: 'string' },
    },
  });
  const { plant } = values;
  if (plant !== undefined && !isPlantName(plant)) {
    throw new Error(`Reading --plant: there is no bug called ${plant}. There are: ${plantNames.join(', ')}`);
  }
  const run = values.run === undefined ? undefined : wholeNumber('run', values.run);
  const from = run ?? 0;
  return {
    seed: wholeNumber('seed', values.seed),
    from,
    to: run === undefined ? wholeNumber('runs', values.runs) : run + 1,
    workers: values.history || run !== undefined ? 1 : Math.max(1, wholeNumber('workers', values.workers)),
    plant,
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
