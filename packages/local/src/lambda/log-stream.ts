import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { Cloud } from '../service.ts';
import type { LogEntry } from './runner.ts';

/** What PutLogEvents takes at once, and what it adds to an event's size. */
const maxBatch = { events: 10_000, bytes: 1_048_576, overhead: 26 };

/** A longer message becomes several events, each well within the limit of one. */
const maxMessageLength = 200_000;

/** Lines of an invocation that goes on are sent after this many virtual milliseconds. */
const delay = 1000;

export interface LogStreamOptions {
  cloud: Cloud;
  /** The function's role: without the right to write logs there are none. */
  principal: Principal;
  region: string;
  group: string;
  stream: string;
}

/** The log stream of one execution environment, written in order and in batches. */
export class LogStream {
  readonly #options: LogStreamOptions;
  readonly #clock: Clock;
  #entries: LogEntry[] = [];
  #sending: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #created = false;

  constructor(options: LogStreamOptions) {
    this.#options = options;
    this.#clock = options.cloud.clock;
  }

  write({ timestamp, message }: LogEntry): void {
    for (let start = 0; start < message.length; start += maxMessageLength) {
      this.#entries.push({ timestamp, message: message.slice(start, start + maxMessageLength) });
    }
    this.#cancel ??= this.#clock.after(delay, () => void this.flush());
  }

  /** Resolves once everything written so far is in the logs service, or was refused by it. Never rejects. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const entries = this.#entries.sort((a, b) => a.timestamp - b.timestamp);
    this.#entries = [];
    this.#sending = this.#sending.then(async () => {
      for (const batch of batches(entries)) await this.#put(batch);
    });
    return this.#sending;
  }

  async #put(logEvents: LogEntry[]): Promise<void> {
    const { group: logGroupName, stream: logStreamName } = this.#options;
    const put = () => this.#call('PutLogEvents', { logGroupName, logStreamName, logEvents });
    if (!this.#created) this.#created = await this.#create();
    if (!this.#created) return;
    // The group may have been deleted meanwhile; Lambda creates it again if the role allows it.
    if ((await put()) === 'ResourceNotFoundException' && (await this.#create())) await put();
  }

  /** Makes the stream, and its group when there is none. False when the role may not. */
  async #create(): Promise<boolean> {
    const { group: logGroupName, stream: logStreamName } = this.#options;
    const createStream = () => this.#call('CreateLogStream', { logGroupName, logStreamName });
    let refusal = await createStream();
    if (refusal === 'ResourceNotFoundException') {
      await this.#call('CreateLogGroup', { logGroupName });
      refusal = await createStream();
    }
    return !refusal || refusal === 'ResourceAlreadyExistsException';
  }

  /** Returns the code of the error, if the call was refused. */
  async #call(operation: string, input: Record<string, unknown>): Promise<string | undefined> {
    const { cloud, principal, region } = this.#options;
    try {
      await cloud.call({ service: 'cloudwatch-logs', operation, input, principal, region });
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return error.name;
      throw error;
    }
  }
}

function* batches(entries: LogEntry[]): Generator<LogEntry[]> {
  let batch: LogEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.message) + maxBatch.overhead;
    if (batch.length === maxBatch.events || bytes + size > maxBatch.bytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
