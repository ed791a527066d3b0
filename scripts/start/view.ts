import { styleText } from 'node:util';
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { createLogUpdate } from 'log-update';

/** Shows a stack operation to the user. */
export interface View {
  /** The columns of the terminal; 80 where there is none. */
  readonly width: number;
  /** A line of its own. */
  say(line?: string): void;
  /** How far a piece of work is: `done` of `total` steps. */
  progress(title: string, done: number, total: number): void;
  begin(title: string): void;
  event(event: StackEvent): void;
  /** Called when there is nothing new and the operation continues. */
  tick(): void;
  end(status: string): void;
}

/** A list that is redrawn in a terminal; elsewhere, a line for each event. */
export function createView(out: NodeJS.WriteStream): View {
  return out.isTTY ? listView(out) : lineView(out);
}

function colour(status: string): Parameters<typeof styleText>[0] {
  if (status.includes('FAILED')) return 'red';
  if (status.includes('ROLLBACK')) return 'yellow';
  return status.endsWith('COMPLETE') ? 'green' : 'cyan';
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

function symbol(status: string, turn: number): string {
  if (status.includes('FAILED')) return '✗';
  return status.endsWith('COMPLETE') ? '✓' : spinner[turn % spinner.length]!;
}

function time(event: StackEvent): string {
  return event.Timestamp!.toISOString().slice(11, 19);
}

function lineView(out: NodeJS.WriteStream): View {
  const say = (line = '') => void out.write(`${line}\n`);
  return {
    width: 80,
    say,
    progress(title, done, total) {
      if (done === 0) say(`${title} …`);
      else if (done === total) say(`${title}: ${total} of ${total}`);
    },
    begin: (title) => say(`== ${title}`),
    event(event) {
      const reason = event.ResourceStatusReason ? `  ${event.ResourceStatusReason}` : '';
      say(
        `${time(event)}  ${event.ResourceStatus!.padEnd(28)}  ${event.LogicalResourceId}  (${event.ResourceType})${reason}`,
      );
    },
    tick() {},
    end: (status) => say(`== ${status}\n`),
  };
}

interface Row {
  type: string;
  status: string;
  since: Date;
  last: Date;
  reasons: string[];
}

function listView(out: NodeJS.WriteStream): View {
  const update = createLogUpdate(out, { showCursor: true });
  let title = '';
  let turn = 0;
  let rows = new Map<string, Row>();

  const draw = () => {
    const width = Math.max(0, ...[...rows.keys()].map((id) => id.length));
    const lines = [...rows].map(([id, row]) => {
      const style = colour(row.status);
      const seconds = Math.round((row.last.getTime() - row.since.getTime()) / 1000);
      const took = row.status.endsWith('IN_PROGRESS') ? '' : styleText('dim', ` ${seconds} s`);
      const head = `  ${styleText(style, symbol(row.status, turn))} ${id.padEnd(width)}  ${styleText(style, row.status)}${took}  ${styleText('dim', row.type)}`;
      return [head, ...row.reasons.map((reason) => `      ${styleText(style, reason)}`)].join('\n');
    });
    update([styleText('bold', title), ...lines].join('\n'));
  };

  return {
    get width() {
      return out.columns;
    },
    say: (line = '') => void out.write(`${line}\n`),
    progress(text, done, total) {
      const filled = Math.round((done / total) * 20);
      const bar = styleText('cyan', '━'.repeat(filled)) + styleText('dim', '━'.repeat(20 - filled));
      update(`${text} ${bar} ${done} of ${total}`);
      if (done === total) update.done();
    },
    begin(text) {
      title = text;
      rows = new Map();
      draw();
    },
    event(event) {
      const id = event.LogicalResourceId!;
      const status = event.ResourceStatus!;
      const row = rows.get(id) ?? {
        type: event.ResourceType!,
        status,
        since: event.Timestamp!,
        last: event.Timestamp!,
        reasons: [],
      };
      row.status = status;
      row.last = event.Timestamp!;
      if (status.endsWith('_FAILED') && event.ResourceStatusReason) row.reasons.push(event.ResourceStatusReason);
      rows.set(id, row);
      draw();
    },
    tick() {
      turn += 1;
      draw();
    },
    end() {
      draw();
      update.done();
      out.write('\n');
    },
  };
}
