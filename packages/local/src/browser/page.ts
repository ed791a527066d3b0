import { createHash } from 'node:crypto';
import type { Cloud } from '../service.ts';
import { version } from '../version.ts';
import { existingIn, type Place } from './existing.ts';
import { type Html, html } from './html.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2rem; } h3 { margin: 1.2rem 0 .3rem; font-size: 1rem; }
pre { overflow-x: auto; padding: .7rem 1rem; border: 1px solid #8886; border-radius: 6px; }
table { border-collapse: collapse; } td { padding: .1rem 1.5rem .1rem 0; overflow-wrap: anywhere; }
td + td { opacity: .7; white-space: nowrap; }`;

/** The page has one style of its own, and nothing else may be loaded, run, framed or sent. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers of the page. It is made anew for each request. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': policy,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The page that a browser sees at the local cloud's address: what this is, how to use it, and what exists. */
export function pageOf(cloud: Cloud): string {
  const { endpoint } = cloud;
  const places = existingIn(cloud);
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Local cloud</title>
<style>${trusted(style)}</style>
<h1>Local cloud</h1>
<p>The AWS services of SageMaker Studio stacks, on this machine (version ${version}). Any AWS client works with it:</p>
<pre>export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
export AWS_ACCESS_KEY_ID=000000000000 AWS_SECRET_ACCESS_KEY=local
aws sagemaker list-domains</pre>
<p>Its time is ${new Date(cloud.clock.now()).toISOString()}. <a href="/_health">Its services</a>. Reload this page to see
what has changed.</p>
${places.length > 0 ? places.map(placeOf) : html`<p>Nothing exists yet.</p>`}
</html>
`;
  return page.text;
}

function placeOf({ account, region, kinds }: Place): Html {
  return html`<h2>Account ${account}, ${region}</h2>
${kinds.map(
  ({ kind, things }) => html`<h3>${kind} (${things.length})</h3>
<table>
${things.map(({ name, status }) => html`<tr><td>${name}</td><td>${status ?? ''}</td></tr>\n`)}</table>
`,
)}`;
}

/** The style, whose text decides its hash. It has nothing that HTML would take for a tag. */
function trusted(text: string): Html {
  return html([text] as unknown as TemplateStringsArray);
}
