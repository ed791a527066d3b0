import type { Deployment } from './deployment.ts';

/**
 * CloudFormation's own error, with what to do about it in a program, where the cause is how the program gives the
 * template.
 */
export function withAdvice(error: Error, { template }: Partial<Deployment>): Error {
  const advice = adviceOn(error.message, template);
  if (advice !== undefined) error.message = `${error.message.trimEnd()}\n${advice}`;
  return error;
}

function adviceOn(message: string, template: Deployment['template'] | undefined): string | undefined {
  if (template === undefined) return;
  const [, names] = /^Parameters: \[(.+)\] must have values$/.exec(message) ?? [];
  if (names !== undefined) {
    const values = names.split(', ').map((name) => `${name}: '…'`);
    return `They have no default: pass parameters: { ${values.join(', ')} }`;
  }
  if (typeof template !== 'string') {
    if (!message.startsWith('S3 error')) return;
    return `publish(directory, { bucket, prefix }) puts files into S3, and gives their URL; there is none at ${template.url}`;
  }
  if (message.includes("'templateBody'") && message.includes('51200')) {
    const bytes = Buffer.byteLength(template);
    return `The template has ${bytes} bytes: publish its directory with publish(directory, { bucket, prefix }), and pass template: { url }`;
  }
  if (/^\S+\.(ya?ml|json|template)$/.test(template)) {
    return `template takes a template's text, and "${template}" looks like a path: pass readFileSync(path, 'utf8')`;
  }
}
