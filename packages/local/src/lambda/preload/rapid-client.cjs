/**
 * The client of the Runtime API that `aws-lambda-ric` expects: `next` resolves with an invocation, `done` and `error`
 * report how one ended. They return before the report is sent; the one connection keeps everything in order.
 */
const { Agent, request } = require('node:http');

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function send(method, path, body, headers) {
  return new Promise((resolve, reject) => {
    const url = { hostname, port, path: `/2018-06-01/runtime/invocation/${path}`, method, agent };
    const call = request({ ...url, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

function post(path, body) {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    // Not part of AWS's API: how much memory the process holds, for the REPORT line.
    'studio-resources-resident-bytes': process.memoryUsage.rss(),
  };
  // Nobody is left to work for once the Runtime API is gone.
  send('POST', path, body, headers).catch(() => process.exit(1));
}

module.exports = {
  async next() {
    const { headers, body } = await send('GET', 'next');
    return { bodyJson: body, headers };
  },
  done: (id, body) => post(`${id}/response`, body),
  error: (id, body) => post(`${id}/error`, body),
};
