import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** What the runtime promises, and by which tests each promise is proved: file, then titles as the file spells them. */
const rules: Record<string, Record<string, readonly string[]>> = {
  'The request is parsed first; if it has a usable response URL, it gets FAILED, whatever else is broken': {
    'packages/core/request/parse-request.test.ts': [
      'a request with %s gets FAILED, and calls nothing',
      'an event with %s has no usable response URL, and is thrown',
    ],
    'packages/core/request/fuzz.test.ts': ['every event gets a response to CloudFormation, or is refused'],
  },
  'A response has the right physical id': {
    'packages/core/lifecycle/create.test.ts': [
      'a creation responds with the id and all attributes',
      'a failed status fails at once, with the service’s reason and the real id',
    ],
    'packages/core/lifecycle/create-failures.test.ts': [
      'a create that is refused responds with the marker id of a creation that created nothing',
      'a create that fails halfway responds with the id of what it created',
    ],
    'packages/core/lifecycle/update.test.ts': ['an update that is refused keeps the current id'],
    'packages/core/lifecycle/replacement.test.ts': [
      'a replacement that created nothing keeps the current id',
      'a replacement that fails after it was created has the new id, so that CloudFormation deletes it',
      'the response to a replacement with an unknown outcome has an id for both it and the current resource',
    ],
    'packages/core/waiting/deadline.test.ts': ['an update or a deletion that hangs responds with the current id'],
    'packages/core/model.test.ts': [
      'each request gets one response, and nothing is created twice, lost or left behind',
    ],
  },
  'A Delete succeeds when nothing exists, finds the resource of an invented id, and is never blocked by properties': {
    'packages/core/lifecycle/delete.test.ts': [
      'the marker id of a Create that created nothing is deleted without calling the resource',
      'for an id that CloudFormation invented, the resource is found by its owner and deleted',
      'for an id that CloudFormation invented, the deletion is done if the owner has no resource',
      'a not-found error of delete counts as deleted',
      'properties never block a deletion: invalid ones are passed on unchanged',
    ],
  },
  'The id is saved before any wait, so that every later failure has it': {
    'packages/core/lifecycle/create-failures.test.ts': ['any other error of %s is final, with the real id'],
    'packages/core/waiting/deadline.test.ts': ['a read that hangs once the id is known responds with the real id'],
  },
  'A response has at most 4096 bytes, a readable reason and complete attributes': {
    'packages/core/response/response.test.ts': [
      'a reason has no ANSI sequences and no control characters, and is on one line',
      'a reason that is too long is cut at a whole character, and names the log stream with all of it',
      'a body is JSON of at most 4096 bytes, and uses the available space',
      'attributes that are too long make the response FAILED, with the real id and the names of the biggest',
    ],
    'packages/core/lifecycle/update.test.ts': [
      'a change is made in place, and responds with the same id and all attributes',
    ],
  },
  'A response is sent as S3 expects it, and retried with the same bytes where that helps': {
    'wire/deliver.test.ts': [
      'a response is a PUT with an empty content type and its length in bytes',
      'a 429, a 5xx and a reset are retried, with the same bytes',
      'a silent socket is closed, and the response retried',
      'a %i is final',
      'pauses double up to the longest, less jitter',
    ],
  },
  'Throttles and service faults are retried; a failed status fails at once': {
    'packages/core/lifecycle/create.test.ts': [
      'throttles, service faults and network errors of %s are retried',
      'a failed status fails at once, with the service’s reason and the real id',
    ],
    'packages/core/lifecycle/update.test.ts': ['an update with a failed status responds at once'],
    'packages/core/lifecycle/delete.test.ts': ['a deletion with a failed status responds at once'],
  },
  'Properties get their types, invalid ones are refused with their path, and only a difference after that is a change':
    {
      'packages/core/lifecycle/create.test.ts': [
        'the resource gets its properties in their types, without ServiceToken and ServiceTimeout',
      ],
      'packages/core/lifecycle/create-failures.test.ts': [
        'invalid properties fail before any call, with the path and the error of each',
      ],
      'packages/core/lifecycle/update.test.ts': [
        'properties that differ only in their spelling change nothing, and the response has all attributes',
      ],
      'packages/core/lifecycle/replacement.test.ts': [
        'a changed immutable property creates a replacement, and leaves the old one to the Delete that follows',
      ],
    },
  'Neither the response URL nor a sensitive property is disclosed': {
    'packages/core/request/redact.test.ts': [
      'the response URL is redacted whole, and so are its query, signature and key, encoded or not',
      'neither the response URL nor a sensitive property reaches the log or the reason',
    ],
    'packages/core/request/parse-request.test.ts': ['the error does not contain the refused URL'],
  },
  'A request that is delivered again gets the same response, and does nothing while it is handled': {
    'packages/core/lifecycle/duplicates.test.ts': [
      'a request that is delivered again after its response gets the same bytes, and nothing is called',
      'a request that is delivered again while it is handled does nothing',
      'a request id that CloudFormation uses again with another response URL is another request',
    ],
    'packages/core/stack/expected-response.test.ts': [
      'does nothing and sends no other response: a %s',
      'does nothing when CloudFormation said that it expects none, and cannot be asked again',
      'is not retried once it was cancelled while the service refused it: a %s',
    ],
    'packages/core/stack/cancelled-creation.test.ts': [
      'what another delivery of the request created and responded with is kept',
    ],
  },
  'A function keeps its name, and no template refers to a version of it': {
    'cloudformation/provider.test.ts': [
      'the name of %s depends on NamePrefix alone: no release ever changes it',
      'there are no versions, whose ARNs would strand the resources that use them, and aliases are for events only',
      'every ServiceToken is the ARN of the function itself',
    ],
  },
  'A response is sent before the ServiceTimeout and before the function is killed': {
    'packages/core/waiting/deadline.test.ts': [
      'a request may take %s',
      'a resource that is not ready in time is responded to before the function is killed, with what the request was waiting for',
      'a timeout names the ServiceTimeout',
    ],
    'packages/core/request/parse-request.test.ts': ['a ServiceTimeout of %j is %i seconds'],
  },
  'Log groups belong to the stack, and no function creates one': {
    'cloudformation/provider.test.ts': [
      '%s writes to a log group of this stack, which is created before it',
      '%s cannot make a log group, which would come back after the stack is deleted',
    ],
  },
  'Clients retry throttled calls': {
    'cloudformation/provider.test.ts': ['clients slow down when they are throttled, and retry more often'],
  },
};

test.each(Object.entries(rules))('%s', async (_, proofs) => {
  for (const [file, titles] of Object.entries(proofs)) {
    const source = await readFile(resolve(import.meta.dirname, '../..', file), 'utf8');
    expect(titles.filter((title) => !source.includes(title))).toEqual([]);
    expect(source).not.toMatch(/\b(?:test|describe|it)\.(?:skip|todo|only)\b/);
  }
});
