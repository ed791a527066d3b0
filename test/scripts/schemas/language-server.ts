import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Position {
  line: number;
  character: number;
}

export interface Diagnostic {
  range: { start: Position; end: Position };
  message: string;
}

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

/** YAML's language server, as editors run it: a process that speaks the Language Server Protocol. */
export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #diagnostics = new Map<string, PromiseWithResolvers<Diagnostic[]>>();
  #received = Buffer.alloc(0);
  #asked = 0;

  /** With an editor's settings: `yaml.schemas`, `yaml.customTags`. */
  private constructor(settings: Readonly<Record<string, unknown>>) {
    this.#settings = settings;
    const manifest = createRequire(import.meta.url).resolve('yaml-language-server/package.json');
    const program = join(dirname(manifest), 'bin', 'yaml-language-server');
    this.#process = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout!.on('data', (bytes: Buffer) => this.#receive(bytes));
    this.#process.on('exit', (status) => {
      const error = new Error(`The language server has ended with status ${status}`);
      for (const { reject } of [...this.#answers.values(), ...this.#diagnostics.values()]) reject(error);
    });
  }

  static async start(settings: Readonly<Record<string, unknown>>, folder: string): Promise<LanguageServer> {
    const server = new LanguageServer(settings);
    const uri = pathToFileURL(folder).href;
    await server.#ask('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'templates' }],
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
        },
        textDocument: { hover: { contentFormat: ['plaintext'] } },
      },
    });
    server.#tell('initialized', {});
    return server;
  }

  /** Opens a file, and waits for what is underlined in it. */
  open(path: string, text: string): Promise<Diagnostic[]> {
    const uri = pathToFileURL(path).href;
    const diagnostics = Promise.withResolvers<Diagnostic[]>();
    this.#diagnostics.set(uri, diagnostics);
    this.#tell('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return diagnostics.promise;
  }

  /** What completes the text at a position: the labels. */
  async complete(path: string, position: Position): Promise<string[]> {
    const textDocument = { uri: pathToFileURL(path).href };
    const answer = await this.#ask('textDocument/completion', { textDocument, position });
    return (answer as { items: { label: string }[] }).items.map(({ label }) => label);
  }

  /** What is shown at a position. */
  async hover(path: string, position: Position): Promise<string> {
    const textDocument = { uri: pathToFileURL(path).href };
    const answer = await this.#ask('textDocument/hover', { textDocument, position });
    return JSON.stringify((answer as { contents: unknown } | null)?.contents ?? null);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.#ask('shutdown', undefined);
    this.#tell('exit', undefined);
    await ended;
  }

  #ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#asked;
    const answer = Promise.withResolvers<unknown>();
    this.#answers.set(id, answer);
    this.#send({ id, method, params });
    return answer.promise;
  }

  #tell(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  #send(message: Message): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#process.stdin!.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const start = this.#received.indexOf('\r\n\r\n') + 4;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.subarray(0, start).toString())?.[1]);
      if (start < 4 || this.#received.length < start + length) return;
      const body = this.#received.subarray(start, start + length).toString();
      this.#received = this.#received.subarray(start + length);
      this.#handle(JSON.parse(body) as Message);
    }
  }

  #handle({ id, method, params, result, error }: Message): void {
    if (method === undefined) {
      const answer = this.#answers.get(id!);
      if (error) answer?.reject(new Error(error.message));
      else answer?.resolve(result);
    } else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: Diagnostic[] };
      this.#diagnostics.get(uri)?.resolve(diagnostics);
    } else if (id !== undefined) {
      this.#send({ id, result: method === 'workspace/configuration' ? this.#configuration(params) : null });
    }
  }

  /** The sections that the server asks for: `yaml` has `yaml.schemas` as `schemas`. */
  #configuration(params: unknown): object[] {
    const { items } = params as { items: { section: string }[] };
    return items.map(({ section }) => {
      const own = Object.entries(this.#settings).filter(([name]) => name.startsWith(`${section}.`));
      return Object.fromEntries(own.map(([name, value]) => [name.slice(section.length + 1), value]));
    });
  }
}
