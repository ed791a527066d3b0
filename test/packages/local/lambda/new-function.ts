import * as Lambda from '@aws-sdk/client-lambda';
import { role, zipOf } from '../function-cloud.ts';

/** The code of a function that answers with a text. */
export const answers = (text: string) => `export const handler = async () => ${JSON.stringify(text)};`;

export const ZipFile = zipOf(answers('hello'));

/** Creates the function `one` with what Lambda requires, and with these settings. */
export function createFunction(lambda: Lambda.LambdaClient, more: Partial<Lambda.CreateFunctionCommandInput> = {}) {
  return lambda.send(
    new Lambda.CreateFunctionCommand({
      FunctionName: 'one',
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile },
      ...more,
    }),
  );
}

/** What an error has to match. */
export const refusal = (name: string, message: string | RegExp) => ({ name, message: expect.stringMatching(message) });
