import { FunctionCloud } from '../function-cloud.ts';

let local: FunctionCloud;
beforeEach(async () => {
  local = await FunctionCloud.open();
});
afterEach(() => local.discard());

/** What a handler with this body gives. */
async function run(body: string, event: object = {}): Promise<unknown> {
  const head =
    "const modules = { net: require('net'), tls: require('tls'), child_process: require('child_process'), dgram: require('dgram'), dns: require('dns'), http: require('http'), http2: require('http2'), worker_threads: require('worker_threads') };";
  await local.create('run', { 'index.cjs': `${head} exports.handler = async (event) => { ${body} };` });
  const { response, error } = await local.invoke('run', event);
  if (error) throw new Error((response as { errorMessage: string }).errorMessage);
  return response;
}

test.each([
  ["net.connect(80, 'example.com')", 'net.connect'],
  ['net.createServer()', 'net.createServer'],
  ["new net.Socket().connect(80, 'example.com')", 'net.Socket.connect'],
  ["tls.connect(443, 'example.com')", 'tls.connect'],
  ["child_process.spawn('true')", 'child_process.spawn'],
  ["child_process.execSync('true')", 'child_process.execSync'],
  ["dgram.createSocket('udp4')", 'dgram.createSocket'],
  ["dns.lookup('example.com', () => {})", 'dns.lookup'],
  ['http.createServer()', 'http.createServer'],
  ["http2.connect('http://example.com')", 'http2.connect'],
  ["new worker_threads.Worker('x.js')", 'worker_threads.Worker'],
])('a library may load Node’s modules, and is refused when it leaves virtual time by %s', async (call, name) => {
  const [module] = call.replace('new ', '').split('.');
  await expect(run(`const { ${module} } = modules; ${call};`)).rejects.toThrow(
    `Calling ${name}: a function at virtual time has no sockets, processes or threads of its own. Use startLocalCloud`,
  );
});

test('modules of Node that open nothing work as in Node', async () => {
  expect(
    await run(
      "return [modules.net.isIP('::1'), modules.worker_threads.isMainThread, new modules.net.Socket() instanceof modules.net.Socket]",
    ),
  ).toEqual([6, true, true]);
});

test('every clock of a function agrees: none of them is the machine’s', async () => {
  const read =
    '({ date: Date.now(), made: new Date().getTime(), performance: performance.now(), origin: performance.timeOrigin + performance.now(), hrtime: process.hrtime(), bigint: process.hrtime.bigint(), uptime: process.uptime() })';
  const body = `
    const before = ${read};
    await new Promise((done) => setTimeout(done, 61_500));
    const after = ${read};
    const [seconds, nanoseconds] = process.hrtime(before.hrtime);
    return {
      date: after.date - before.date,
      made: after.made - before.made,
      performance: after.performance - before.performance,
      origin: after.origin - before.date,
      hrtime: seconds * 1000 + nanoseconds / 1e6,
      bigint: Number(after.bigint - before.bigint) / 1e6,
      uptime: Math.round((after.uptime - before.uptime) * 1000),
    };`;
  const ms = 61_500;
  expect(await run(body)).toEqual({
    date: ms,
    made: ms,
    performance: ms,
    origin: ms,
    hrtime: ms,
    bigint: ms,
    uptime: ms,
  });
});

test.each([
  ['a timer', 'await new Promise((done) => setTimeout(done, 60_000))'],
  [
    'an interval',
    'await new Promise((done) => { const timer = setInterval(() => { clearInterval(timer); done(); }, 60_000); })',
  ],
  ['the module of timers', "await new Promise((done) => require('node:timers').setTimeout(done, 60_000))"],
  ['a promise', "await require('node:timers/promises').setTimeout(60_000)"],
  ['the scheduler', "await require('node:timers/promises').scheduler.wait(60_000)"],
  ['a signal', "await new Promise((done) => AbortSignal.timeout(60_000).addEventListener('abort', done))"],
])('a minute that a function waits by %s takes no real time', async (_, wait) => {
  expect(await run(`const before = Date.now(); ${wait}; return Date.now() - before;`)).toBe(60_000);
});

test('a function is frozen between invocations: timers that become due run in the next one', async () => {
  await local.create(
    'lazy',
    'let fired = []; export const handler = async ({ wait }) => { if (wait) { setTimeout(() => fired.push(Date.now()), 1000); return Date.now(); } await new Promise((r) => setTimeout(r, 10)); return fired; };',
  );
  const first = (await local.invoke('lazy', { wait: true })).response as number;
  await local.pass(60_000);
  const [fired] = (await local.invoke('lazy', {})).response as number[];
  expect(fired! - first).toBeGreaterThanOrEqual(60_000);
});

test('its environment is Lambda’s and the function’s own, with nothing of the machine', async () => {
  process.env.SECRET_OF_THE_MACHINE = 'x';
  try {
    const variables = (await run('return { ...process.env };')) as Record<string, string>;
    expect(variables).toMatchObject({ TZ: ':UTC', AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: 'run' });
    expect(variables).not.toHaveProperty('SECRET_OF_THE_MACHINE');
  } finally {
    delete process.env.SECRET_OF_THE_MACHINE;
  }
});

test('a function calls the cloud with the credentials of its role', async () => {
  const body = `
    const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN } = process.env;
    const authorization = 'AWS4-HMAC-SHA256 Credential=' + AWS_ACCESS_KEY_ID + '/20261121/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00';
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-amz-security-token': AWS_SESSION_TOKEN, authorization };
    const response = await fetch(AWS_ENDPOINT_URL, { method: 'POST', headers, body: 'Action=GetCallerIdentity&Version=2011-06-15' });
    return /<Arn>(.*)<.Arn>/.exec(await response.text())[1];`;
  expect(await run(body)).toBe('arn:aws:sts::111122223333:assumed-role/function/run');
});
