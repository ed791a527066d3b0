/**
 * Leads a function's `https.request` to the local cloud, which has no TLS: peers put their response to port 443 of the URL's
 * host. Every function of the bench is started with it, those too that need it not.
 */
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

const { hostname, port } = new URL(process.env.AWS_ENDPOINT_URL);

https.request = (options, ...rest) => http.request({ ...options, protocol: 'http:', hostname, port }, ...rest);
syncBuiltinESMExports();
