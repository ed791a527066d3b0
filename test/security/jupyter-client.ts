import { createInterface } from 'node:readline';
import { openSession, withTerminal } from '@studio-resources/jupyter';
import { peakMegabytes } from './peak-memory.ts';

/**
 * A process of its own that uses Jupyter servers as a handler does. Each line of its input is the URL of one; a line of
 * its output is what became of it, and how much memory the process has ever had, in megabytes.
 */
for await (const url of createInterface({ input: process.stdin })) {
  let shown = '';
  try {
    const session = await openSession(url, 'jupyter/default');
    await session.isReady();
    const result = await withTerminal(session, ({ run }) =>
      run('true', { maxOutput: 1_000_000, signal: AbortSignal.timeout(30_000) }),
    );
    console.log(JSON.stringify({ result, ...memory() }));
  } catch (error) {
    // As a log shows it: messages, stacks, causes and their members.
    for (let each = error, depth = 0; each && depth < 5; each = (each as Error).cause, depth += 1) {
      shown += `${(each as Error).stack ?? each} ${JSON.stringify(each)}\n`;
    }
    const { name, message } = error as Error;
    console.log(JSON.stringify({ name, message, shown, ...memory() }));
  }
}

function memory() {
  return { megabytes: peakMegabytes() };
}
