/** Handlers of nodejs22.x that return no promise, and what their invocation gives, in the same way on either cloud. */
export const callbackHandlers: [what: string, handler: string, expected: object][] = [
  ['calls its callback', '(event, context, callback) => callback(null, event.n + 1)', { response: 2 }],
  [
    'calls its callback later, and is over once its timers are',
    '(event, context, callback) => { let late = 0; setTimeout(() => { late = 1; }, 20); setTimeout(() => callback(null, { get late() { return late; } }), 5); }',
    { response: { late: 1 } },
  ],
  [
    'waits for nothing more after its callback',
    '(event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 5); setTimeout(() => callback(null, 7), 5); }',
    { response: 7 },
  ],
  [
    'calls back with an error',
    "(event, context, callback) => { callback(new RangeError('too far')); }",
    { error: 'Unhandled', response: { errorType: 'RangeError', errorMessage: 'too far' } },
  ],
  ['ends by context.succeed', '(event, context) => { setTimeout(() => context.succeed(3), 5); }', { response: 3 }],
  [
    'ends by context.fail',
    "(event, context) => { context.fail(new TypeError('no')); }",
    { error: 'Unhandled', response: { errorType: 'TypeError', errorMessage: 'no' } },
  ],
  ['returns nothing', '() => { setTimeout(() => {}, 5); }', { response: null }],
  ['returns a promise', 'async (event) => event.n', { response: 1 }],
];
