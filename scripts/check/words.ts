import type { Source } from './sources.ts';

/** The folders and files that keep to the list. */
const covered = [
  'packages/',
  'handlers/',
  'scripts/',
  'cloudformation/',
  'docs/',
  'test/',
  '.github/',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
];

/** Names and phrases that the project does not use, each with what says it instead. */
const instead: Readonly<Record<string, string>> = {
  // Deletion.
  doomed: 'deletion',
  takeAway: 'deleteStep',
  leftOf: 'deletionStatus',
  inMotion: 'wasTransitioning',
  leftovers: 'orphanedResources',
  refuseIfInTheWay: 'assertDeletable',
  // Cancellation.
  calledOff: 'cancelled',
  'called off': 'cancelled',
  unawaited: 'staleRequest',
  // Creation.
  inDoubt: 'outcomeUnknown',
  nothingMade: 'createFailedId',
  perhapsMade: 'createUncertainId',
  besideOf: 'replacing',
  isTooEarly: 'withinVisibilityWindow',
  heir: 'replacement',
  makeInQuietDomain: 'createInIdleDomain',
  // The loop.
  outOfTime: 'timeoutResult',
  beforeTimeRunsOut: 'withDeadline',
  sideBySide: 'mapConcurrent',
  'side by side': 'concurrently',
  atItsPace: 'adaptiveConcurrency',
  // Plumbing.
  takeOver: 'handOff',
  handOver: 'handOff',
  unasked: 'eventBridge',
  Addressee: 'RequestIdentity',
  Surroundings: 'dependencies',
  fixedName: 'nameProperties',
  ifFound: 'undefinedIfNotFound',
  // The local cloud.
  doorTo: 'serviceClient',
  strike: 'inject',
  strikes: 'injects',
  struck: 'injected',
  // Prose.
  nobody: 'no caller, no principal, none; or say it in the active voice',
  whoever: 'the caller, the user',
  somebody: 'a caller, a user, another team',
  'in the way': 'blocks',
  'all the same': 'nevertheless; or leave it out',
  'whose it is': 'its owner',
  'may it be': 'it may be',
};

const exempt = new Set([
  'scripts/check/words.ts',
  'test/scripts/words.test.ts',
  // States that an earlier version saved with these names.
  'packages/core/src/lifecycle/saved-state.ts',
  'test/packages/core/lifecycle/states-of-version-1.json',
]);

const rules = Object.entries(instead).map(([word, use]) => ({ word, use, pattern: patternOf(word) }));

/** Where files of these folders use a word of the list, in code, comments, Markdown or templates: `path:line: why`. */
export function checkWords(sources: readonly Source[], folders: readonly string[] = covered): string[] {
  return sources.flatMap(({ path, text }) => {
    if (exempt.has(path) || !folders.some((folder) => path.startsWith(folder))) return [];
    return rules.flatMap(({ word, use, pattern }) =>
      [...text.matchAll(pattern), ...path.matchAll(pattern)].map(({ index, input }) => {
        const line = input === text ? text.slice(0, index).split('\n').length : 0;
        return `${path}:${line}: "${word}" is not a word of the project; use ${use}`;
      }),
    );
  });
}

/** A name is found in each of its spellings, also as a part of a longer one; a phrase also where it goes over two lines. */
function patternOf(word: string): RegExp {
  return word.includes(' ') ? phrasePattern(word) : namePattern(word);
}

/** `takeAway`, `TakeAway`, `take-away` and `TAKE_AWAY`. */
function namePattern(name: string): RegExp {
  const parts = name.split(/(?=[A-Z])/).map((part) => part.toLowerCase());
  const capitalised = parts.map(capital);
  const spellings = [parts.join('-'), parts[0] + capitalised.slice(1).join(''), capitalised.join('')];
  const start = '(?<![A-Za-z])';
  const alone = `${start}(?:${spellings.join('|')})(?![a-z])`;
  const inIdentifier = `(?<=[a-z0-9])${capitalised.join('')}(?![a-z])`;
  const constant = `${start}${parts.join('_').toUpperCase()}(?![A-Za-z])`;
  return new RegExp([alone, inIdentifier, constant].join('|'), 'g');
}

/** What separates the words may be the end of a line and the beginning of a comment's next one. */
function phrasePattern(phrase: string): RegExp {
  const [first = '', ...rest] = phrase.split(' ');
  return new RegExp(
    String.raw`\b${[`(?:${first}|${capital(first)})`, ...rest].join(String.raw`\s+(?:\*|//|#)?\s*`)}\b`,
    'g',
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
