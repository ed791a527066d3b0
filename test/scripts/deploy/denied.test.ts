import type { Rule } from '../../../packages/local/src/faults/rule.ts';
import { deploying, profile, withDomain } from './deploy-cloud.ts';

const denied = (operation: string): Rule[] => [{ on: 'call', operation, fault: 'access-denied' }];

describe('where templates may not be read', () => {
  const deployment = deploying({ faults: denied('GetTemplate') });

  test('the changes are those that CloudFormation knows, and it says why', async () => {
    const file = await deployment.file(withDomain({ Nonsense: 'x' }));
    const { output } = await deployment.run([file, '--stack', 'studio'], async () => 'no');
    expect(output).toMatch(/\+ Domain +Custom::StudioDomain +created/);
    expect(output).toMatch(/What the functions of custom resources will do is not known: .*GetTemplate/);
  });
});

describe('where exports may not be listed', () => {
  const deployment = deploying({ faults: denied('ListExports') });

  test('what a template imports is not known, and all else is', async () => {
    const file = await deployment.file(withDomain({ Nonsense: 'x' }));
    const { output } = await deployment.run([file, '--stack', 'studio'], async () => 'no');
    expect(output).toContain('refused: Nonsense: unknown property');
    expect(output).not.toContain('not known');
  });
});

describe('where logs may not be read', () => {
  const deployment = deploying({ faults: denied('FilterLogEvents') });

  test('the cause is told, and that its log cannot be read', async () => {
    const file = await deployment.file({ Resources: { UserProfile: profile({ DomainId: 'd-nowhere' }) } });
    const { code, output } = await deployment.run([file, '--stack', 'studio', '--yes']);
    expect(code).toBe(1);
    expect(output).toMatch(
      /\nUserProfile \(Custom::StudioUserProfile\): Creating .*\nThe log of studio-resources-studio-user-profile cannot be read: .*FilterLogEvents/,
    );
  });
});
