/** The key that the state of a request is sealed with. */
export const stateKey = 'a secret of sixty-four letters';

/** Gives the function its STATE_KEY during each test. */
export function setStateKey(): void {
  beforeEach(() => {
    process.env.STATE_KEY = stateKey;
  });
  afterEach(() => {
    delete process.env.STATE_KEY;
  });
}
