import { parentPort, workerData } from 'node:worker_threads';
import { VirtualTime } from './virtual-time.ts';
import type { Report, Work } from './work.ts';

const work = workerData as Work;
const report = (message: Report) => parentPort?.postMessage(message);
// Before anything is loaded that keeps the real timers.
const time = VirtualTime.install();
const { runAll } = await import('./work.ts');
await runAll(time, work, report);
