import v8 from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { Installed } from './install.ts';
import { type Report, runAll, type Work } from './work.ts';

// Each environment runs the same code anew, from cold: compiled at once and kept, it is an eighth cheaper.
v8.setFlagsFromString('--always-sparkplug');
v8.setFlagsFromString('--no-flush-bytecode');
// Errors are thrown by the thousand, and what is looked at is what they say.
Error.stackTraceLimit = 1;

const { work, installed } = workerData as { work: Work; installed: Installed };
const report = (message: Report) => parentPort?.postMessage(message);
await runAll(work, installed, report);
