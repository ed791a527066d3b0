import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  evaluate,
  evaluateConditions,
  type Pseudo,
  type Scope,
} from '../../../packages/local/src/cloudformation/template/evaluate.ts';
import { parseTemplate } from '../../../packages/local/src/cloudformation/template/parse.ts';
import { root } from '../../../scripts/handlers.ts';

const pseudo: Pseudo = {
  ...{ accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' },
  ...{ stackId: 'arn:stack', stackName: 'scripts', notificationArns: [] },
};

/** The template, which is the same for all tests. */
export const template = parseTemplate(readFileSync(join(root, 'cloudformation/lifecycle-configs.yaml'), 'utf8'));

/** The script of one of the template's resources, as CloudFormation gives it to the custom resource. */
export async function scriptOf(logicalId: string, given: Record<string, string>): Promise<string> {
  const defaults = [...template.parameters].map(([name, one]) => [name, String(one.default ?? '')] as const);
  const parameters = new Map<string, string>([...defaults, ['DomainId', 'd-abcdefghijkl'], ...Object.entries(given)]);
  const known = { parameters, pseudo, azs: async () => [] };
  const scope: Scope = {
    ...known,
    conditions: await evaluateConditions(template, known),
    mappings: template.mappings,
    ref: (name) => name,
    getAtt: (name, attribute) => `${name}.${attribute}`,
    importValue: (name) => name,
    dynamic: async (_, key) => key,
  };
  return (await evaluate(template.resources.get(logicalId)!.properties.Content, scope)) as string;
}

/** What a script has left behind. */
export interface Ran {
  status: number | null;
  /** What it has printed. */
  output: string;
}

/** A user's home in a temporary directory, and an app's metadata as Studio puts them down. */
export class Home {
  readonly path: string;
  readonly #tools: string;
  readonly #metadata: string;

  constructor(directory: string, path?: string) {
    const own = mkdtempSync(join(directory, 'home-'));
    this.path = path ?? join(own, 'home');
    this.#tools = join(own, 'bin');
    this.#metadata = join(own, 'resource-metadata.json');
    for (const one of [this.path, this.#tools]) mkdirSync(one, { recursive: true });
  }

  /** What Studio tells an app of itself. */
  describe(app: Record<string, string>): this {
    writeFileSync(this.#metadata, JSON.stringify(app));
    return this;
  }

  /** A command of one's own that the script finds before others of that name. */
  tool(name: string, text: string): this {
    writeFileSync(join(this.#tools, name), text, { mode: 0o755 });
    return this;
  }

  /** The commands of the machine that the script finds. */
  link(...commands: string[]): this {
    for (const one of commands) symlinkSync(one, join(this.#tools, one.split('/').at(-1)!));
    return this;
  }

  /** Runs a script as Studio does; `PATH` may be that of the machine, or only what `tool` and `link` have given. */
  run(script: string, { only = false, env = {} }: { only?: boolean; env?: Record<string, string> } = {}): Promise<Ran> {
    const text = script.replaceAll('/opt/ml/metadata/resource-metadata.json', this.#metadata);
    const PATH = only ? this.#tools : `${this.#tools}:${process.env.PATH}`;
    const child = spawn('/bin/bash', ['-c', text], {
      cwd: this.path,
      env: { HOME: this.path, LANG: 'C.UTF-8', PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.path, file, '..'), { recursive: true });
    writeFileSync(join(this.path, file), text);
  }
}
