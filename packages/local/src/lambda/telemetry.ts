import type { Readable } from 'node:stream';
import type { LogEntry } from './runner.ts';

const headerBytes = 16;

/**
 * Reads what the runtime client writes to its log descriptor: frames of four bytes of type, four of length, eight of
 * time (microseconds since the epoch), and the message. A message of several lines stays one entry.
 */
export function readFrames(stream: Readable, log: (entry: LogEntry) => void): void {
  let buffered: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    buffered = buffered.length ? Buffer.concat([buffered, chunk]) : chunk;
    while (buffered.length >= headerBytes) {
      const end = headerBytes + buffered.readUInt32BE(4);
      if (buffered.length < end) return;
      const timestamp = Number(buffered.readBigUInt64BE(8) / 1000n);
      log({ timestamp, message: buffered.toString('utf8', headerBytes, end).replace(/\n$/, '') });
      buffered = buffered.subarray(end);
    }
  });
}

/** Reads plain output, an entry a line. A last line without its end is logged when the stream ends. */
export function readLines(stream: Readable, now: () => number, log: (entry: LogEntry) => void): void {
  let partial = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (partial + chunk).split('\n');
    partial = lines.pop()!;
    for (const message of lines) if (message) log({ timestamp: now(), message });
  });
  stream.on('end', () => {
    if (partial) log({ timestamp: now(), message: partial });
  });
}
