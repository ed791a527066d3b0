import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** What the runtime promises, and by which tests each promise is proved: file, then titles as the file spells them. */
const rules: Record<string, Record<string, readonly string[]>> = {
  'The envelope is checked first; whoever can be answered is answered FAILED, whatever else is broken': {
    'packages/core/request/parse-request.test.ts': [
      'a request with %s is answered FAILED, and calls nothing',
      'an event with %s names nobody to answer, and is thrown',
    ],
    'packages/core/request/fuzz.test.ts': ['whatever event comes, it is answered to CloudFormation, or refused'],
  },
  'An answer has the right physical id': {
    'packages/core/lifecycle/create.test.ts': [
      'what is created is answered with its id and all of its attributes',
      'a create that is refused has a marker for an id, which says that nothing was made',
      'a create that is refused halfway is answered with the id of what it had made',
      'a failed status fails at once, with the reason of the service and the real id',
    ],
    'packages/core/lifecycle/update.test.ts': [
      'an update that is refused keeps the current id',
      'a replacement that made nothing keeps the current id',
      'a replacement that fails once it is made has the new id, so that CloudFormation deletes it',
      'a replacement of which nobody knows whether it was made is named by its answer, beside the current one',
    ],
    'packages/core/waiting/deadline.test.ts': ['an update or a deletion that hangs is answered with the current id'],
    'packages/core/model.test.ts': ['each request gets one answer, and nothing is made twice, lost or left'],
  },
  'A Delete succeeds when there is nothing, looks for what has an invented id, and is never blocked by properties': {
    'packages/core/lifecycle/delete.test.ts': [
      'a marker of a Create that made nothing is deleted without calling the resource',
      'an id that CloudFormation invented has the thing looked for by its owner, and deleted',
      'an id that CloudFormation invented, and no thing of that owner, is done',
      'a service that does not find what is deleted is as good as one that deletes it',
      'properties never block a deletion: those that do not fit are handed on as they are',
    ],
  },
  'The id is kept before anything is waited for, so that every later failure has it': {
    'packages/core/lifecycle/create.test.ts': ['any other error of %s is final, with the real id'],
    'packages/core/waiting/deadline.test.ts': ['a read that hangs once the id is known is answered with the real id'],
  },
  'An answer is at most 4096 bytes, its reason readable, its attributes complete': {
    'packages/core/response/response.test.ts': [
      'a reason has no ANSI sequences and no control characters, and is on one line',
      'a reason that is too long is cut at a whole character, and says where all of it is',
      'a body is never longer than 4096 bytes, is JSON, and uses the room there is',
      'attributes that are too long make the answer FAILED, with the real id and the names of the biggest',
    ],
    'packages/core/lifecycle/update.test.ts': [
      'a change is made in place, and answered with the same id and all attributes',
    ],
  },
  'An answer is put the way S3 takes it, again where that helps, with the same bytes': {
    'wire/deliver.test.ts': [
      'an answer is a PUT with an empty content type and its length in bytes',
      'a 429, a 5xx and a reset are tried again, with the same bytes',
      'a socket that stays silent is given up, and the answer tried again',
      'a %i is final',
      'pauses double up to the longest, less jitter',
    ],
  },
  'Throttles and faults are waited out; a status that is final fails at once': {
    'packages/core/lifecycle/create.test.ts': [
      'throttles, faults and network errors of %s are waited out',
      'a failed status fails at once, with the reason of the service and the real id',
    ],
    'packages/core/lifecycle/update.test.ts': ['an update that the service says has failed is answered at once'],
    'packages/core/lifecycle/delete.test.ts': ['a deletion that the service says has failed is answered at once'],
  },
  'Properties get their types, garbage is refused with its path, and only what differs then is a change': {
    'packages/core/lifecycle/create.test.ts': [
      'the resource gets its properties in their types, without ServiceToken and ServiceTimeout',
      'properties that do not fit fail before anything is called, with every path and what is wrong there',
    ],
    'packages/core/lifecycle/update.test.ts': [
      'properties that differ only in their spelling change nothing, and are answered with all attributes',
      'a changed immutable property makes a replacement, and leaves the old one to the Delete that follows',
    ],
  },
  'Neither the response URL nor a sensitive property is told to anybody': {
    'packages/core/request/redact.test.ts': [
      'the response URL is hidden whole, and by its query, signature and key, encoded or not',
      'neither the response URL nor a sensitive property reaches the log or the reason',
    ],
    'packages/core/request/parse-request.test.ts': ['the URL that is refused is not in the error'],
  },
  'A request that comes again gets the same answer, and does nothing while it is worked on': {
    'packages/core/lifecycle/duplicates.test.ts': [
      'a request that comes again once it is answered gets the same bytes, and nothing is called',
      'a request that comes again while it is worked on does nothing',
      'a request id that CloudFormation uses again with another response URL is another request',
    ],
    'packages/core/stack/stack.test.ts': [
      'does nothing and gets no other: a %s',
      'does nothing where CloudFormation said so, and then cannot be asked any more',
      'is not tried again once it was called off while the service refused it: a %s',
      'what another delivery of the request has made meanwhile, and told, is kept',
    ],
  },
  'A function keeps its name, and no version of it is named': {
    'cloudformation/provider.test.ts': [
      'the name of %s is constant: no parameter and no release ever changes it',
      'there are no versions and no aliases, whose ARNs would strand the resources that use them',
      'every ServiceToken is the ARN of the function itself',
    ],
  },
  'An answer comes before the ServiceTimeout and before the function is killed': {
    'packages/core/waiting/deadline.test.ts': [
      'a request may take %s',
      'what is not ready in time is answered before the function is killed, with what was still awaited',
      'what runs out of time names the ServiceTimeout',
    ],
    'packages/core/request/parse-request.test.ts': ['a ServiceTimeout of %j is %i seconds'],
  },
  'Log groups are the stack’s own, and no function makes one': {
    'cloudformation/provider.test.ts': [
      '%s writes to a log group of this stack, which is there before it',
      '%s cannot make a log group, which would come back after the stack is deleted',
    ],
  },
  'Clients bear with throttles': {
    'cloudformation/provider.test.ts': [
      'clients slow down when they are throttled, and try more often than they usually',
    ],
  },
};

test.each(Object.entries(rules))('%s', async (_, proofs) => {
  for (const [file, titles] of Object.entries(proofs)) {
    const source = await readFile(resolve(import.meta.dirname, '../..', file), 'utf8');
    expect(titles.filter((title) => !source.includes(title))).toEqual([]);
    expect(source).not.toMatch(/\b(?:test|describe|it)\.(?:skip|todo|only)\b/);
  }
});
