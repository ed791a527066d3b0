import { base, bucket } from '../base.ts';
import { changed, created, resource, withFile } from '../make.ts';
import type { Mistake, Subject } from '../mistake.ts';

const fleet = (changes: Record<string, unknown>) =>
  resource('StudioUserProfileFleet', { DomainId: base('DomainId'), AllOrNothing: true, ...changes });

const ofFile = (key: string, content: string | Uint8Array): Mistake['make'] =>
  withFile(key, content, created(fleet({ MembersS3Uri: `s3://${bucket}/${key}` })));

export const fleets: Subject = {
  title: 'A fleet of user profiles',
  mistakes: [
    {
      mistake: 'A CSV file with semicolons, as spreadsheets in some languages save it',
      make: ofFile('semicolons.csv', 'UserProfileName;SingleSignOnUserValue\nfay;\n'),
      property: 'semicolons.csv',
      came: /semicolons/,
      cure: /with commas between them/,
    },
    {
      mistake: 'A CSV file with tabs',
      make: ofFile('tabs.csv', 'UserProfileName\tTag:team\nfay\tone\n'),
      property: 'tabs.csv',
      came: /tabs/,
      cure: /with commas between them/,
    },
    {
      mistake: 'A CSV file without a header',
      make: ofFile('no-header.csv', 'fay\ngil\n'),
      property: 'no-header.csv',
      came: 'fay',
      cure: /the columns are UserProfileName/,
    },
    {
      mistake: 'A CSV file with a column of its own',
      make: ofFile('columns.csv', 'UserProfileName,Team\nfay,one\n'),
      property: 'columns.csv',
      came: 'Team',
      cure: /the columns are UserProfileName.*Tag:<key>/,
    },
    {
      mistake: 'A user twice in a file',
      make: ofFile('twice.csv', 'UserProfileName\nfay\nFay\n'),
      property: /line 3/,
      came: 'Fay',
      cure: /line 2 already/,
    },
    {
      mistake: 'An empty file',
      make: ofFile('empty.csv', ''),
      property: 'empty.csv',
      came: 'empty',
      cure: /first line has to name the columns/,
    },
    {
      mistake: 'A file in UTF-16, as spreadsheets save Unicode text',
      make: ofFile('utf-16.csv', Buffer.from('\uFEFFUserProfileName\nfay\n', 'utf16le')),
      property: 'utf-16.csv',
      came: /not UTF-8/,
      cure: /save it as UTF-8/,
    },
    {
      mistake: 'A cell too many',
      make: ofFile('cells.csv', 'UserProfileName\nfay,one\n'),
      property: /line 2/,
      came: /got 2/,
      cure: /expected 1 cell/,
    },
    {
      mistake: 'An e-mail address in a file',
      make: ofFile('mail.csv', 'UserProfileName\nfay@example.com\n'),
      property: /line 2.*UserProfileName/,
      came: 'fay@example.com',
      cure: /letters|expected|pattern/,
    },
    {
      mistake: 'A JSON array as JSON lines',
      make: ofFile('array.jsonl', '[{"UserProfileName": "fay"}]\n'),
      property: /line 1/,
      came: 'a list',
      cure: 'expected a JSON object',
    },
    {
      mistake: 'Settings in a cell that are no JSON',
      make: ofFile('settings.csv', 'UserProfileName,UserSettings\nfay,StudioWebPortal=DISABLED\n'),
      property: /line 2.*UserSettings/,
      came: 'StudioWebPortal=DISABLED',
      cure: 'expected JSON',
    },
    {
      mistake: 'The name of a role in Defaults',
      make: created(
        fleet({
          Members: [{ UserProfileName: 'fay' }],
          Defaults: { UserSettings: { ExecutionRole: 'studio-analyst' } },
        }),
      ),
      property: 'Defaults.UserSettings.ExecutionRole',
      came: 'studio-analyst',
      cure: /expected the ARN of an IAM role/,
    },
    {
      mistake: 'A key that does not exist',
      make: created(fleet({ MembersS3Uri: `s3://${bucket}/peple.csv` })),
      property: `s3://${bucket}/peple.csv`,
      came: /no object with that key/,
      cure: /upload it first, or correct the key/,
    },
    {
      mistake: 'A bucket that does not exist',
      make: created(fleet({ MembersS3Uri: 's3://studio-resources-missing/people.csv' })),
      property: 's3://studio-resources-missing/people.csv',
      came: /no such bucket/,
      cure: /create it, or give the name/,
    },
    {
      mistake: 'A bucket that the provider may not read',
      make: created(fleet({ MembersS3Uri: 's3://someone-elses/people.csv' })),
      property: 's3://someone-elses/people.csv',
      came: /AccessDenied|not authorized/,
      cure: /MembersBuckets/,
    },
    {
      mistake: 'A spreadsheet',
      make: created(fleet({ MembersS3Uri: `s3://${bucket}/people.xlsx` })),
      property: 'MembersS3Uri',
      came: 'people.xlsx',
      cure: /\.csv, \.jsonl or \.ndjson/,
    },
    {
      mistake: 'An https address of an object',
      make: created(fleet({ MembersS3Uri: `https://${bucket}.s3.amazonaws.com/people.csv` })),
      property: 'MembersS3Uri',
      came: /https:/,
      cure: /such as s3:\/\/bucket\/members\.csv/,
    },
    {
      mistake: 'Neither Members nor MembersS3Uri',
      make: created(fleet({})),
      property: 'Members',
      came: 'missing',
      cure: /or give MembersS3Uri/,
    },
    {
      mistake: 'Both Members and MembersS3Uri',
      make: created(fleet({ Members: [{ UserProfileName: 'fay' }], MembersS3Uri: `s3://${bucket}/people.csv` })),
      property: 'Members',
      came: /MembersS3Uri, which is given too/,
      cure: /give only one/,
    },
    {
      mistake: 'Members as a list of names',
      make: created(fleet({ Members: ['fay', 'gil'] })),
      property: 'Members[0]',
      came: 'fay',
      cure: /UserProfileName|expected an object/,
    },
    {
      mistake: 'A user twice in Members',
      make: created(fleet({ Members: [{ UserProfileName: 'fay' }, { UserProfileName: 'FAY' }] })),
      property: 'Members[1].UserProfileName',
      came: 'FAY',
      cure: /give each name once/,
    },
    {
      mistake: 'More members removed than MaxRemovals allows',
      make: changed(
        fleet({ Members: [{ UserProfileName: 'hal' }, { UserProfileName: 'ian' }], MaxRemovals: 0 }),
        fleet({ Members: [{ UserProfileName: 'hal' }], MaxRemovals: 0 }),
      ),
      property: 'MaxRemovals',
      came: /would remove 1 user profiles.*ian/,
      cure: /set MaxRemovals to 1 or more/,
    },
  ],
};
