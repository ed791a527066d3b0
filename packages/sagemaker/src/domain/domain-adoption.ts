import type { CreateDomainRequest, DescribeDomainResponse } from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { isOurs } from '../ownership.ts';
import { getDomain, listDomains } from './domain.ts';
import { changeDomain } from './domain-change.ts';

/** What no update can change. */
const fixed = ['AuthMode', 'KmsKeyId', 'HomeEfsFileSystemKmsKeyId', 'VpcId'] as const;

/**
 * Takes over the domain that has the input's name and that this stack did not make, and brings it to the input; what
 * the input does not mention stays. Returns its id, or undefined when there is none. One that this stack has made since
 * it was looked for, by another delivery of the same request, is returned as it is.
 *
 * Throws when there is one and `mayAdopt` is false, when there are several, as nothing says that names are unique, and
 * when it differs from the input in what no update can change.
 */
export async function adoptDomain(
  input: Partial<CreateDomainRequest>,
  mayAdopt: boolean,
  ctx: Context,
): Promise<string | undefined> {
  const { DomainName } = input;
  const namesakes = (await listDomains(DomainName)).filter(({ Status }) => Status !== 'Deleting');
  for (const { DomainArn, DomainId } of namesakes) if (await isOurs(DomainArn!, ctx)) return DomainId;
  const [first, ...others] = namesakes.map(({ DomainId }) => DomainId!);
  if (first === undefined) return undefined;
  if (!mayAdopt) {
    throw new Error(
      `Creating domain ${DomainName}: ${[first, ...others].join(', ')} has that name, and this stack did not make it. ` +
        'Choose another DomainName, or set AdoptExisting: true to take it over',
    );
  }
  if (others.length > 0) {
    throw new Error(
      `Adopting domain ${DomainName}: ${[first, ...others].join(' and ')} have that name. Delete all but one`,
    );
  }
  const domain = await getDomain(first);
  refuseUnlike(domain, input);
  ctx.log.info('Adopting a domain that this stack did not make', { id: first });
  await changeDomain(domain, input, {}, ctx.log);
  return first;
}

function refuseUnlike(domain: DescribeDomainResponse, input: Partial<CreateDomainRequest>): void {
  const unlike = fixed.filter((name) => input[name] !== undefined && domain[name] && domain[name] !== input[name]);
  if (unlike.length === 0) return;
  const differences = unlike.map((name) => `${name} is ${domain[name]}, not ${input[name]}`).join('; ');
  throw new Error(
    `Adopting domain ${domain.DomainId}: ${differences}, and that cannot be changed. Give the domain's own values`,
  );
}
