import { sizesOf } from '../handlers/zips.ts';
import type { Row, Section } from '../results.ts';
import { spreadOf } from '../statistics.ts';
import { type Place, startPlace } from './place.ts';
import { baseline, type Subject, subjects } from './subjects.ts';

interface Measured {
  cold: number[];
  warm: number[];
  memory: number[];
  calls: number;
}

/** How often each function is started, and asked again while it is warm. */
interface Repetitions {
  starts: number;
  warm: number;
}

/** Cold start to answer, warm answer, memory at peak, and the sizes of the packages. */
export async function measureStarts({ starts, warm }: Repetitions): Promise<Section> {
  const all = await subjects();
  const measured = new Map(all.map(({ name }) => [name, { cold: [], warm: [], memory: [], calls: 0 } as Measured]));
  const place = await startPlace();
  try {
    // The first round unzips the packages and fills the page cache.
    for (const subject of all) await measureOnce(place, subject, 1);
    for (let round = 0; round < starts; round += 1) {
      // Interleaved, each time from another one on, so that what the machine does besides meets all of them.
      const from = round % all.length;
      for (const subject of [...all.slice(from), ...all.slice(0, from)]) {
        const one = await measureOnce(place, subject, warm);
        const sum = measured.get(subject.name)!;
        sum.cold.push(one.cold);
        sum.warm.push(...one.warm);
        sum.memory.push(one.memory);
        sum.calls = one.calls;
      }
    }
  } finally {
    await place.close();
  }
  return sectionOf(all, measured);
}

async function measureOnce(place: Place, subject: Subject, warm: number) {
  const running = await place.start(subject);
  const answers: number[] = [];
  for (let n = 0; n < warm; n += 1) answers.push((await running.warm()).ms);
  return { cold: running.cold.ms, calls: running.cold.calls, warm: answers, memory: await running.end() };
}

function sectionOf(all: Subject[], measured: Map<string, Measured>): Section {
  const bare = spreadOf(measured.get(baseline)!.cold).median;
  const rows = all.map(({ name, code }): Row => {
    const { cold, warm, memory, calls } = measured.get(name)!;
    const { zip, unpacked } = sizesOf(code);
    const start = spreadOf(cold);
    return {
      subject: name,
      values: {
        'cold start': start,
        ratio: start.median / bare,
        warm: spreadOf(warm),
        memory: spreadOf(memory),
        'API calls': calls,
        zip: zip / 1000,
        unpacked: unpacked / 1000,
      },
    };
  });
  const ours = all.filter(({ name }) => name.startsWith('Custom::'));
  return {
    title: 'From the start of a function to its response',
    columns: {
      'cold start': 'ms',
      ratio: '×',
      warm: 'ms',
      memory: 'MB',
      'API calls': '',
      zip: 'kB',
      unpacked: 'kB',
    },
    rows,
    chart: 'ratio',
    counts: Object.fromEntries(
      ours.flatMap(({ name, code }) => [
        [`${name}: API calls`, measured.get(name)!.calls],
        [`${name}: bytes of the zip`, sizesOf(code).zip],
        [`${name}: bytes unpacked`, sizesOf(code).unpacked],
      ]),
    ),
  };
}
