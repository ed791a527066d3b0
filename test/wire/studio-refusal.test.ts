import { get } from 'node:http';
import { startLocalProcess } from '../stacks/wire-cloud.ts';

test('Studio on a local cloud without a Jupyter server refuses people and WebSockets, and names the option', async () => {
  const cloud = await startLocalProcess();
  try {
    const page = await fetch(`${cloud.endpoint}/auth?token=none`);
    const why = 'since the local cloud has no Jupyter server: start it with --jupyter http://127.0.0.1:8888';
    expect({ status: page.status, statusText: page.statusText, body: await page.text() }).toEqual({
      status: 403,
      statusText: expect.stringContaining(why),
      body: expect.stringContaining(why),
    });
    const status = await new Promise((resolve, reject) => {
      const headers = { connection: 'Upgrade', upgrade: 'websocket' };
      get(`${cloud.endpoint}/jupyter/default/terminals`, { headers }, ({ statusCode }) => resolve(statusCode)).on(
        'error',
        reject,
      );
    });
    expect(status).toBe(403);
  } finally {
    await cloud.stop();
  }
});
