import { request } from 'node:https';

/** The least that a custom resource can do: one PUT. */
export async function handler({ ResponseURL, StackId, RequestId, LogicalResourceId }) {
  const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'bare', StackId, RequestId, LogicalResourceId });
  await new Promise((resolve, reject) => {
    const { hostname, pathname, search } = new URL(ResponseURL);
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const put = request({ hostname, path: pathname + search, method: 'PUT', headers }, (response) => {
      response.resume();
      response.once('end', resolve);
    });
    put.once('error', reject);
    put.end(body);
  });
}
